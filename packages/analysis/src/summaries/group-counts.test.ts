import { type AlleleCounts, PeopleSet, type Variant } from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import { expect, test } from 'vitest';
import { countGroups } from './group-counts.ts';

const COUNTS: AlleleCounts = { ac: 5, an: 18, hom: 1, het: 3, hemi: 0, missing: 1 };

/** Genotypes of ten people of whom one has no call, on every contig but Y. */
function genotypes(): GenotypeQueries {
  const everyone = PeopleSet.range(0, 12);
  return {
    assembly: 'GRCh38',
    absent: 'reference',
    version: 1,
    numbering: 0,
    blocks: () => [],
    everyone: () => everyone,
    genotyped: (contig) => (contig === 'Y' ? PeopleSet.EMPTY : PeopleSet.range(0, 10)),
    personOf: () => undefined,
    sampleOf: () => undefined,
    contigs: () => [],
    variantCount: () => 0,
    sites: async function* () {},
    site: async () => undefined,
    count: async (_, cohorts) => cohorts.map(() => COUNTS),
    frequencies: async function* () {},
    countBatches: async function* () {},
    carriers: async () => PeopleSet.EMPTY,
    refresh: async () => {},
  };
}

const at = (contig: string, position = 50_000_000): Variant => ({ contig, position, ref: 'A', alt: 'G' });

async function groupOf(variant: Variant, sex?: 'female' | 'male') {
  const [group] = await countGroups(genotypes(), variant, [
    { population: 'EE', people: PeopleSet.range(0, 12), sex },
  ]);
  return group;
}

test('people without a genome there, and people without a call, are not among those who were counted', async () => {
  expect(await groupOf(at('22'))).toMatchObject({ population: 'EE', counts: COUNTS, people: 9 });
  expect(await groupOf(at('Y'))).toMatchObject({ people: 0 });
});

test('which genotypes can occur depends on the place and the sex', async () => {
  const diploid = { hom: true, het: true, hemi: false };
  const haploid = { hom: false, het: false, hemi: true };
  expect((await groupOf(at('22')))?.possible).toEqual(diploid);
  expect((await groupOf(at('X'), 'female'))?.possible).toEqual(diploid);
  expect((await groupOf(at('X'), 'male'))?.possible).toEqual(haploid);
  expect((await groupOf(at('X', 20_000), 'male'))?.possible).toEqual(diploid);
  expect((await groupOf(at('X')))?.possible).toEqual({ hom: true, het: true, hemi: true });
  expect((await groupOf(at('MT', 100)))?.possible).toEqual(haploid);
});
