import {
  type Assembly,
  type BeaconDescription,
  CONSENT_SCOPES,
  type CohortExpression,
  type DatasetDescription,
  discloseCount,
  type FilteringTermDescription,
  namedSet,
  type OntologyResource,
  type PeopleSet,
  sumDisclosed,
} from '@federome/core';
import type { Dataset } from '../../stores/records/records.ts';
import { consenting } from './checks.ts';
import type { DiscoveryPorts } from './ports.ts';
import { Vocabulary } from './vocabulary.ts';

/** What the node says of itself. Genomes of people who withdrew everything are not counted. */
export async function describeNode(ports: DiscoveryPorts): Promise<BeaconDescription> {
  const { identity, policy } = ports;
  const datasets = await ports.datasets.list();
  const genomes = await Promise.all(
    datasets.map(async ({ id }) => {
      const genotypes = await ports.datasets.genotypes(id);
      const present = genotypes.genotyped().and(await presentPeople(id, ports));
      return discloseCount(present.size, policy);
    }),
  );
  return {
    id: identity.id,
    name: identity.name,
    role: 'node',
    country: identity.country,
    description: `Genomes and health records of ${identity.country}. Questions come here; only counts leave.`,
    genomes: sumDisclosed(genomes, policy.countThreshold),
    datasets: datasets.length,
    assemblies: [...new Set(datasets.map(({ assembly }): Assembly => assembly))].sort(),
    disclosure: policy,
  };
}

export async function describeDataset(dataset: Dataset, ports: DiscoveryPorts): Promise<DatasetDescription> {
  const { id, title, createdAt, assembly, metadata } = dataset;
  const description = Object.hasOwn(metadata, 'description') ? metadata.description : undefined;
  const version = (await ports.ontologies.list()).find(
    (ontology) => ontology.id.toLowerCase() === 'duo',
  )?.version;
  const present = await presentPeople(id, ports);
  return {
    id,
    title,
    ...(typeof description === 'string' ? { description } : {}),
    createdAt,
    assembly,
    duo: await Promise.all(
      dataset.duo.map(async (code) => {
        const label = (await ports.ontologies.term(code))?.label;
        return {
          id: code,
          ...(label === undefined ? {} : { label }),
          ...(version === undefined ? {} : { version }),
        };
      }),
    ),
    individuals: discloseCount(present.size, ports.policy),
    country: ports.identity.country,
  };
}

/** Whoever lets at least one kind of use happen. */
async function presentPeople(dataset: string, ports: DiscoveryPorts): Promise<PeopleSet> {
  const sets = await Promise.all(CONSENT_SCOPES.map((scope) => ports.consents.consented(dataset, scope)));
  return sets.reduce((all, set) => all.or(set));
}

/**
 * What may be asked about a dataset's people: terms with their labels, fields with their values, and measurements. What
 * fewer people have than may be counted is left out, because the list itself would say that somebody has it.
 */
export async function describeTerms(
  dataset: string,
  ports: DiscoveryPorts,
): Promise<readonly FilteringTermDescription[]> {
  const { policy, ontologies } = ports;
  const enough = async (cohort: CohortExpression) => {
    const people = await ports.cohorts.evaluate(
      dataset,
      consenting(cohort, ['subject-level-query']),
      ports.now(),
    );
    return people.size >= policy.countThreshold;
  };
  const vocabulary = new Vocabulary(ports, [dataset]);
  const described: FilteringTermDescription[] = [];
  for (const { id, label, people } of await ontologies.filteringTerms(dataset)) {
    if (people < policy.countThreshold) continue;
    if (await enough(namedSet({ kind: 'term', id, descendants: true }))) {
      described.push({ id, label, type: 'ontologyTerm' });
    }
  }
  const sexes = await filterAsync(await vocabulary.sexes(), (sex) => enough(namedSet({ kind: 'sex', sex })));
  const populations = await filterAsync(await vocabulary.populations(), (population) =>
    enough(namedSet({ kind: 'population', population })),
  );
  const assays = await filterAsync(await vocabulary.assays(), (assay) =>
    enough(namedSet({ kind: 'measurement', assay, comparison: '>=', value: -Number.MAX_VALUE })),
  );
  if (sexes.length > 0) described.push({ id: 'sex', label: 'Sex', type: 'alphanumeric', values: sexes });
  if (await enough(namedSet({ kind: 'age', comparison: '>=', days: 0 }))) {
    described.push({ id: 'age', label: 'Age today, as an ISO 8601 duration', type: 'alphanumeric' });
  }
  if (populations.length > 0) {
    described.push({ id: 'population', label: 'Population', type: 'alphanumeric', values: populations });
  }
  for (const assay of assays) {
    const label = (await ontologies.term(assay))?.label;
    described.push({ id: assay, ...(label === undefined ? {} : { label }), type: 'alphanumeric' });
  }
  return described;
}

async function filterAsync<T>(
  items: readonly T[],
  keep: (item: T) => Promise<boolean>,
): Promise<readonly T[]> {
  const kept: T[] = [];
  for (const item of items) if (await keep(item)) kept.push(item);
  return kept;
}

/** One list of several datasets' terms: each once, with the values of all. */
export function mergeTerms(
  lists: readonly (readonly FilteringTermDescription[])[],
): readonly FilteringTermDescription[] {
  const merged = new Map<string, FilteringTermDescription>();
  for (const term of lists.flat()) {
    const known = merged.get(term.id);
    const values = [...new Set([...(known?.values ?? []), ...(term.values ?? [])])].sort();
    merged.set(term.id, { ...term, ...(values.length === 0 ? {} : { values }) });
  }
  return [...merged.values()].sort(byTypeThenId);
}

function byTypeThenId(a: FilteringTermDescription, b: FilteringTermDescription): number {
  if (a.type !== b.type)
    return a.type === 'ontologyTerm' ? -1 : b.type === 'ontologyTerm' ? 1 : a.type < b.type ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export async function describeOntologies(ports: DiscoveryPorts): Promise<readonly OntologyResource[]> {
  return (await ports.ontologies.list()).map(({ id, version }) => ({
    id: id.toLowerCase(),
    version,
    nameSpacePrefix: id.toUpperCase(),
  }));
}
