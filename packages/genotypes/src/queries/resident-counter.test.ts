import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SiteCounts } from '../api.ts';
import { GenotypeStore } from '../store.ts';

const PEOPLE = 900;
const SITES = 60;
const GENE = { contig: '1', start: 0, end: 900_000 };

/** From one carrier to nearly everyone, some calls missing. */
function callOf(site: number, place: number): string {
  const draw = Math.imul(site * 1_009 + place + 1, 0x9e3779b1) >>> 16;
  if (site % 3 === 1 && draw % 97 === 0) return './.';
  const allele = (bits: number) => (bits % 1_000 < Math.ceil((site * site) / 3.7) ? '1' : '0');
  return `${allele(draw)}|${allele(draw >>> 3)}`;
}

async function studyStore(): Promise<GenotypeStore> {
  const home = await temporaryDirectory();
  const names = Array.from({ length: PEOPLE }, (_, place) => `p${place}`);
  const rows = Array.from({ length: SITES }, (_, site) => {
    const calls = names.map((_, place) => callOf(site, place));
    return ['1', 100 + 50 * site, '.', 'A', 'G', '.', '.', '.', 'GT', ...calls].join('\t');
  });
  const head = [
    '##fileformat=VCFv4.2',
    '##contig=<ID=1>',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="G">',
  ];
  const columns = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...names].join('\t');
  await writeFile(join(home, 'a.vcf'), [...head, columns, ...rows, ''].join('\n'));
  const store = await GenotypeStore.create(join(home, 'store'), { assembly: 'GRCh38', absent: 'missing' });
  await store.ingest(join(home, 'a.vcf'));
  return store;
}

async function frequencies(store: GenotypeStore, cohorts: readonly PeopleSet[], interval?: typeof GENE) {
  const found: SiteCounts[] = [];
  for await (const site of store.frequencies(cohorts, interval)) found.push(site);
  return found;
}

const cohort = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 40 }))
  .map(([seed, every]) =>
    PeopleSet.of(
      Array.from({ length: PEOPLE }, (_, place) => place).filter(
        (place) => (Math.imul(seed + place, 0x85ebca6b) >>> 16) % every === 0,
      ),
    ),
  );

test('however little fits in memory, and in whatever order questions come, counts are those of a pass over the store', async () => {
  const { directory } = await studyStore();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(256, 5_000, 14_000, 40_000, 120_000, 8 << 20),
      fc.array(cohort, { minLength: 1, maxLength: 4 }),
      fc.array(fc.oneof(fc.nat(SITES - 1), fc.constant('gene' as const)), { minLength: 1, maxLength: 12 }),
      async (residentBytes, cohorts, questions) => {
        const store = await GenotypeStore.open(directory, { residentBytes });
        const expected = await frequencies(await GenotypeStore.open(directory), cohorts);
        // Asked all at once: they share what is in memory, and push each other out.
        await Promise.all(
          questions.map(async (question) => {
            if (question === 'gene') expect(await frequencies(store, cohorts, GENE)).toEqual(expected);
            else
              expect(await store.count(expected[question]!.site.variant, cohorts)).toEqual(
                expected[question]!.counts,
              );
          }),
        );
      },
    ),
    { numRuns: 60 },
  );
});
