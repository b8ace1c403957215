import {
  type AnswerAccess,
  type Asker,
  type BeaconDescription,
  type CohortExpression,
  type ConsentScope,
  type DatasetDescription,
  type DisclosedCount,
  type DiscoveryAnswer,
  type DiscoveryAnswers,
  type DiscoveryQuestion,
  discloseCount,
  everyone,
  type FilteringTermsAnswer,
  type Granularity,
  namedSet,
  type Pagination,
  type PeopleSet,
  type ResultSet,
  selectsPeople,
  sumDisclosed,
  type VariantRecord,
} from '@federome/core';
import type { Site } from '@federome/genotypes';
import {
  type Asked,
  accessOf,
  allowedAnswer,
  consenting,
  consentsNeeded,
  knownDatasets,
  placesIn,
} from './checks.ts';
import {
  describeDataset,
  describeNode,
  describeOntologies,
  describeTerms,
  mergeTerms,
} from './descriptions.ts';
import { resolveFilters } from './filters.ts';
import { carriersOf } from './people.ts';
import type { DiscoveryPorts } from './ports.ts';
import { type FrequencyCohorts, recordWithin, sitesCarried, variantRecord } from './variants.ts';
import { Vocabulary } from './vocabulary.ts';

/** The most results that one page may have. */
export const MAX_PAGE_RESULTS = 1_000;

/** A question that passed the checks before anybody's data is looked at. */
interface Plan {
  readonly question: DiscoveryQuestion;
  readonly asked: readonly Asked[];
  readonly granularity: Granularity;
  readonly access: AnswerAccess;
  readonly cohort: CohortExpression;
  readonly notices: readonly string[];
}

/**
 * Answers questions from a node's own datasets. The checks, in this order: the datasets are known; the assembly fits; who
 * asks and what for, which decide how far each dataset is open; the granularity is allowed; every filter is understood; then, dataset by dataset, the cohort AND the consents that
 * the answer needs, the count, and disclosure control.
 */
export class DiscoveryService implements DiscoveryAnswers {
  readonly #ports: DiscoveryPorts;
  readonly #terms = new Map<
    string,
    { readonly revision: number; readonly terms: Awaited<ReturnType<typeof describeTerms>> }
  >();

  constructor(ports: DiscoveryPorts) {
    this.#ports = ports;
  }

  describe(): Promise<BeaconDescription> {
    return describeNode(this.#ports);
  }

  async datasets(): Promise<readonly DatasetDescription[]> {
    const datasets = await this.#ports.datasets.list();
    return await Promise.all(datasets.map((dataset) => describeDataset(dataset, this.#ports)));
  }

  async filteringTerms(request: {
    readonly dataset?: string;
    readonly pagination: Pagination;
  }): Promise<FilteringTermsAnswer> {
    const only = request.dataset === undefined ? undefined : [request.dataset];
    const datasets = await knownDatasets(only === undefined ? {} : { datasets: only }, this.#ports.datasets);
    const terms = mergeTerms(await Promise.all(datasets.map(({ id }) => this.#termsOf(id))));
    const { skip, limit } = request.pagination;
    const shown = limit === 0 ? terms : terms.slice(skip * limit, (skip + 1) * limit);
    return { terms: shown, resources: await describeOntologies(this.#ports), total: terms.length };
  }

  async individuals(question: DiscoveryQuestion, asker: Asker): Promise<DiscoveryAnswer> {
    const plan = await this.#plan(question, asker, 'people');
    return await this.#answer(plan, async (asked) => ({
      count: discloseCount(await this.#countPeople(plan, asked), this.#ports.policy),
      records: [],
    }));
  }

  async variants(question: DiscoveryQuestion, asker: Asker): Promise<DiscoveryAnswer> {
    const plan = await this.#plan(question, asker, 'variants');
    return await this.#answer(plan, async (asked) => {
      const sites = await this.#sites(plan, asked);
      if (sites.length === 0) return { count: this.#nothing(), records: [] };
      const page = plan.granularity === 'record' ? pageOf(sites, question.pagination) : [];
      return {
        count: { kind: 'shown', value: sites.length },
        records: await this.#records(plan, asked, page),
      };
    });
  }

  async #plan(question: DiscoveryQuestion, asker: Asker, about: 'people' | 'variants'): Promise<Plan> {
    const { datasets, genes, policy, now } = this.#ports;
    const known = await knownDatasets(question, datasets);
    const asked = await placesIn(known, question.variant, genes);
    const { level, permits, notices: opening } = accessOf(asked, asker, this.#ports);
    const allowed = allowedAnswer(question, about, policy, level);
    const vocabulary = new Vocabulary(
      this.#ports,
      known.map(({ id }) => id),
    );
    const { cohort, notices } = await resolveFilters(question.filters, vocabulary, now());
    return {
      question,
      asked,
      granularity: allowed.granularity,
      access: { level, permits },
      cohort,
      notices: [...notices, ...allowed.notices, ...opening],
    };
  }

  async #answer(
    { question, asked, granularity, access, notices }: Plan,
    count: (asked: Asked) => Promise<Pick<ResultSet, 'count' | 'records'>>,
  ): Promise<DiscoveryAnswer> {
    const { policy, identity } = this.#ports;
    const sets: ResultSet[] = [];
    for (const each of asked) {
      const answer = question.testMode ? { count: this.#nothing(), records: [] } : await count(each);
      sets.push({ id: each.dataset.id, country: identity.country, ...answer });
    }
    return {
      granularity,
      access,
      sets,
      total: sumDisclosed(
        sets.map((set) => set.count),
        policy.countThreshold,
      ),
      policy,
      notices: question.testMode ? [...notices, 'testMode: answered without asking anybody’s data'] : notices,
    };
  }

  async #countPeople({ question, cohort }: Plan, { dataset, search }: Asked): Promise<number> {
    const people = await this.#people(dataset.id, cohort, consentsNeeded(question, 'people'));
    if (search === undefined || people.size < this.#ports.policy.countThreshold) return people.size;
    const carriers = await carriersOf(await this.#ports.datasets.genotypes(dataset.id), search);
    return carriers.intersectionSize(people);
  }

  async #sites(
    { question, cohort, granularity }: Plan,
    { dataset, search }: Asked,
  ): Promise<readonly Site[]> {
    const genotypes = await this.#ports.datasets.genotypes(dataset.id);
    const people = await this.#people(dataset.id, cohort, consentsNeeded(question, 'variants'));
    const sites: Site[] = [];
    for await (const site of sitesCarried(genotypes, search, people, this.#ports.policy.countThreshold)) {
      sites.push(site);
      if (granularity === 'boolean') break;
    }
    return sites;
  }

  async #records(
    { question }: Plan,
    { dataset }: Asked,
    sites: readonly Site[],
  ): Promise<readonly VariantRecord[]> {
    if (sites.length === 0) return [];
    const { identity, policy } = this.#ports;
    const genotypes = await this.#ports.datasets.genotypes(dataset.id);
    const source = `${dataset.title} (${identity.name})`;
    if (selectsPeople(question)) {
      return sites.map((site) => recordWithin(genotypes, site, { country: identity.country, source }));
    }
    const scopes = consentsNeeded(question, 'variants');
    const cohorts: FrequencyCohorts = {
      country: identity.country,
      everyone: await this.#people(dataset.id, everyone, scopes),
      women: await this.#people(dataset.id, namedSet({ kind: 'sex', sex: 'female' }), scopes),
      men: await this.#people(dataset.id, namedSet({ kind: 'sex', sex: 'male' }), scopes),
    };
    const options = { source, policy };
    const records: VariantRecord[] = [];
    for (const site of sites) records.push(await variantRecord(genotypes, site, cohorts, options));
    return records;
  }

  #people(dataset: string, cohort: CohortExpression, scopes: readonly ConsentScope[]): Promise<PeopleSet> {
    return this.#ports.cohorts.evaluate(dataset, consenting(cohort, scopes), this.#ports.now());
  }

  #nothing(): DisclosedCount {
    return discloseCount(0, this.#ports.policy);
  }

  async #termsOf(dataset: string) {
    const revision = await this.#ports.records.revision(dataset);
    const kept = this.#terms.get(dataset);
    if (kept?.revision === revision) return kept.terms;
    const terms = await describeTerms(dataset, this.#ports);
    this.#terms.set(dataset, { revision, terms });
    return terms;
  }
}

function pageOf<T>(items: readonly T[], { skip, limit }: Pagination): readonly T[] {
  const size = limit === 0 ? MAX_PAGE_RESULTS : Math.min(limit, MAX_PAGE_RESULTS);
  return items.slice(skip * size, (skip + 1) * size);
}
