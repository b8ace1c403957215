import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSENT_SCOPES, type Variant } from '@federome/core';
import { type FederomeNode, initNode, openNode } from '@federome/node';
import { type CountryFiles, PLANTED, type SimulatedPopulation, simulatePopulation } from '@federome/simulate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const HEIGHT = 'LOINC:8302-2';
const DATASET = 'biobank';

let root: string;
let population: SimulatedPopulation;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'federome-simulated-'));
  population = await simulatePopulation(join(root, 'files'), {
    seed: 21,
    peoplePerCountry: 500,
    variants: 1_500,
  });
});

afterAll(async () => await rm(root, { recursive: true, force: true }));

async function nodeOf(files: CountryFiles): Promise<FederomeNode> {
  const home = join(root, 'nodes', files.country.code);
  await initNode(home, { country: files.country.code });
  const node = await openNode(home);
  await node.datasets.add({ id: DATASET, assembly: 'GRCh38', absent: 'reference' });
  await node.datasets.ingest(DATASET, files.genotypes.files);
  await node.ontologies.add(population.ontologies);
  await node.subjects.load(DATASET, files.health.files, { mapping: files.health.mapping });
  return node;
}

function variantOf(id: string): Variant {
  return PLANTED.find((variant) => variant.id === id)!;
}

describe.each(['EE', 'ES', 'FI', 'IT', 'LU'])('a node of the simulated people of %s', (code) => {
  let files: CountryFiles;
  let node: FederomeNode;

  beforeAll(async () => {
    files = population.countries.find(({ country }) => country.code === code)!;
    node = await nodeOf(files);
  });

  afterAll(async () => await node.close());

  test('counts planted variants as the truth does', async () => {
    const genotypes = await node.datasets.genotypes(DATASET);
    expect(genotypes.variantCount()).toBe(files.truth.variants);
    for (const { id, counts } of files.truth.planted) {
      expect(await genotypes.count(variantOf(id), [genotypes.everyone()]), id).toEqual([counts]);
    }
  });

  test('knows how many have each term', async () => {
    expect(Object.keys(files.truth.terms).length).toBeGreaterThan(30);
    for (const [term, people] of Object.entries(files.truth.terms)) {
      const found = await node.records.projection(DATASET, `term:${term}`);
      expect(found?.size, term).toBe(people);
    }
  });

  test('has the heights of adults in one unit, whatever the hospital wrote', async () => {
    const rows = await node.records.measurements(DATASET, HEIGHT);
    if (files.country.records === 'table') return expect(rows).toEqual([]);
    expect(rows.length).toBeGreaterThan(350);
    const mean = rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
    expect(mean).toBeGreaterThan(168);
    expect(mean).toBeLessThan(175);
  });

  test('takes consents and withdrawals', async () => {
    await node.consents.setFromFile(DATASET, files.consent.given);
    await node.consents.setFromFile(DATASET, files.consent.withdrawn);
    for (const scope of CONSENT_SCOPES) {
      const consented = await node.consents.consented(DATASET, scope);
      expect(consented.size, scope).toBe(files.truth.consent.permitted[scope]);
    }
  });
});
