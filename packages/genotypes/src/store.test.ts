import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  type AlleleCounts,
  compareVariants,
  formatVariant,
  normaliseSite,
  PEOPLE_PER_BLOCK,
  PeopleSet,
  type Variant,
} from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AbsentPolicy } from './api.ts';
import { GenotypeStore } from './store.ts';

interface Line {
  readonly contig: string;
  readonly position: number;
  readonly ref: string;
  readonly alts: readonly string[];
  readonly calls: readonly string[];
}

/** Files of one block of people, which share the lines between them. */
interface Batch {
  readonly samples: readonly string[];
  readonly files: readonly (readonly Line[])[];
}

const ALTS = ['A', 'C', 'G', 'T', 'CAT', '*', '<DEL>', '<NON_REF>'] as const;
const CALLS = [
  '0|0',
  '0/0',
  '0/0',
  '0|1',
  '1/0',
  '1|1',
  './.',
  '0/.',
  '.|1',
  '0',
  '1',
  '.',
  '2/1',
  '2|2',
  '0/2',
];

/** Places on two contigs, some of them on both sides of a bin's border, far enough apart to stay distinct. */
const PLACES = [99, 199, 299, 1_048_560, 1_048_572, 1_048_590, 3_000_000].flatMap((position) => [
  { contig: '3', position },
  { contig: 'X', position },
]);

const line = (people: number) =>
  fc.record({
    ref: fc.constantFrom('A', 'CA', 'T'),
    alts: fc.uniqueArray(fc.constantFrom(...ALTS), { minLength: 1, maxLength: 3 }),
    calls: fc.array(fc.constantFrom(...CALLS), { minLength: people, maxLength: people }),
    file: fc.nat({ max: 1 }),
  });

function batch(index: number): fc.Arbitrary<Batch> {
  return fc.integer({ min: 1, max: 12 }).chain((people) =>
    fc.tuple(...PLACES.map(() => fc.option(line(people)))).map((lines) => ({
      samples: Array.from({ length: people }, (_, place) => `b${index}p${place}`),
      files: [0, 1].map((file) =>
        PLACES.flatMap((place, at): Line[] => {
          const own = lines[at];
          if (own === null || own === undefined || own.file !== file) return [];
          const alts = own.alts.filter((alt) => alt !== own.ref);
          if (alts.length === 0) return [];
          const calls = own.calls.map((call) => (alts.length < 2 ? call.replaceAll('2', '1') : call));
          return [{ ...place, ref: own.ref, alts, calls }];
        }).sort((a, b) => (a.contig === b.contig ? a.position - b.position : a.contig < b.contig ? -1 : 1)),
      ),
    })),
  );
}

const scenario = fc.record({
  batches: fc.tuple(batch(0), batch(1), batch(2)),
  absent: fc.constantFrom<AbsentPolicy>('reference', 'missing'),
  shares: fc.array(fc.constantFrom(0, 0.3, 0.7, 1), { minLength: 1, maxLength: 4 }),
  seed: fc.nat(),
});

/** Each person's alleles as text: `['0', '1']`, or `['0']` where there is one copy. */
interface NaiveSite {
  readonly variant: Variant;
  readonly allele: string;
  readonly calls: readonly (readonly string[])[];
}

function naiveSites({ files }: Batch): readonly NaiveSite[] {
  return files
    .flat()
    .flatMap(({ contig, position, ref, alts, calls }) =>
      normaliseSite({ contig, position, ref, alts }).map(({ variant, alleleIndex }) => ({
        variant,
        allele: `${alleleIndex}`,
        calls: calls.map((call) => call.split(/[|/]/)),
      })),
    )
    .filter(
      ({ variant, allele, calls }) =>
        variant.alt !== '<NON_REF>' || calls.some((call) => call.includes(allele)),
    )
    .sort((a, b) => compareVariants(a.variant, b.variant));
}

/** The counts of one variant in a cohort, read off the definitions person by person. */
function naiveCount(
  batches: readonly Batch[],
  absent: AbsentPolicy,
  variant: Variant,
  cohort: PeopleSet,
): AlleleCounts {
  const counts = { ac: 0, an: 0, hom: 0, het: 0, hemi: 0, missing: 0 };
  batches.forEach((own, block) => {
    if (!own.files.flat().some(({ contig }) => contig === variant.contig)) return;
    const sites = naiveSites(own).filter((site) => site.variant.contig === variant.contig);
    const listed = sites.find((site) => compareVariants(site.variant, variant) === 0);
    const neighbour = sites.findLast((site) => compareVariants(site.variant, variant) < 0) ?? sites[0];
    own.samples.forEach((_, place) => {
      if (!cohort.has(block * PEOPLE_PER_BLOCK + place)) return;
      const copies = neighbour?.calls[place]?.length ?? 2;
      const call = listed?.calls[place] ?? Array<string>(copies).fill(absent === 'reference' ? '0' : '.');
      const called = call.filter((allele) => allele !== '.');
      const carried = called.filter((allele) => allele === listed?.allele).length;
      counts.ac += carried;
      counts.an += called.length;
      if (called.length === 0) counts.missing += 1;
      else if (carried === 2) counts.hom += 1;
      else if (carried === 1 && called.length === 2) counts.het += 1;
      else if (carried === 1) counts.hemi += 1;
    });
  });
  return counts;
}

function vcf(samples: readonly string[], lines: readonly Line[]): string {
  const rows = lines.map(({ contig, position, ref, alts, calls }) =>
    [contig, position + 1, '.', ref, alts.join(','), '.', '.', '.', 'GT', ...calls].join('\t'),
  );
  return [
    '##fileformat=VCFv4.2',
    '##contig=<ID=3>',
    '##contig=<ID=X>',
    '##ALT=<ID=DEL,Description="Deletion">',
    '##ALT=<ID=NON_REF,Description="Any other">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...samples].join('\t'),
    ...rows,
    '',
  ].join('\n');
}

async function storeOf(batches: readonly Batch[], absent: AbsentPolicy): Promise<GenotypeStore> {
  const directory = await temporaryDirectory();
  const store = await GenotypeStore.create(join(directory, 'store'), { assembly: 'GRCh38', absent });
  // Files of different blocks come in turn, as they would over the years.
  for (const file of [0, 1]) {
    for (const { samples, files } of batches) {
      const path = join(directory, `${samples[0]}-${file}.vcf`);
      await writeFile(path, vcf(samples, files[file]!));
      await store.ingest(path);
    }
  }
  return store;
}

function randomCohorts(everyone: PeopleSet, shares: readonly number[], seed: number): PeopleSet[] {
  let state = seed;
  return shares.map((share) =>
    PeopleSet.of(
      [...everyone].filter(() => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32 < share;
      }),
    ),
  );
}

test('every count of every cohort is what the genotypes say person by person', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ batches, absent, shares, seed }) => {
      const store = await storeOf(batches, absent);
      const cohorts = randomCohorts(store.everyone(), shares, seed);
      const variants = batches
        .flatMap((own) => naiveSites(own).map(({ variant }) => variant))
        .sort(compareVariants)
        .filter((variant, at, all) => at === 0 || compareVariants(all[at - 1]!, variant) !== 0);
      const expected = variants.map((variant) => ({
        variant,
        counts: cohorts.map((cohort) => naiveCount(batches, absent, variant, cohort)),
      }));

      const streamed = [];
      for await (const { site, counts } of store.frequencies(cohorts)) {
        streamed.push({ variant: site.variant, counts: [...counts] });
      }
      expect(streamed).toEqual(expected);
      expect(store.variantCount()).toBe(variants.length);
      for (const { variant, counts } of expected) {
        expect([...(await store.count(variant, cohorts))], formatVariant(variant)).toEqual(counts);
        const carriers = await store.carriers(variant);
        const { hom, het, hemi } = naiveCount(batches, absent, variant, store.everyone());
        expect(carriers.size).toBe(hom + het + hemi);
        expect(carriers.intersectionSize(cohorts[0]!)).toBe(
          counts[0]!.hom + counts[0]!.het + counts[0]!.hemi,
        );
      }
      const unlisted = { contig: 'X', position: 1_048_571, ref: 'G', alt: 'GGG' };
      expect([...(await store.count(unlisted, cohorts))]).toEqual(
        cohorts.map((cohort) => naiveCount(batches, absent, unlisted, cohort)),
      );

      const interval = { contig: 'X', start: 200, end: 1_048_574 };
      const within = [];
      for await (const { site, counts } of store.frequencies(cohorts, interval)) {
        within.push({ variant: site.variant, counts: [...counts] });
      }
      const overlapping = ({ variant: { contig, position, ref } }: { variant: Variant }) =>
        contig === 'X' && position < interval.end && position + ref.length > interval.start;
      expect(within).toEqual(expected.filter(overlapping));
      const sites = [];
      for await (const { variant } of store.sites(interval)) sites.push(variant);
      expect(sites).toEqual(within.map(({ variant }) => variant));
      expect((await store.verify()).faults).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('an exported region, taken in again, has the same people, calls and phase', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ batches, absent }) => {
      const store = await storeOf(batches, absent);
      const all = { contig: '3', start: 0, end: 1e9 };
      const written = await exported(store, all);
      fc.pre(store.contigs().includes('3'));
      expect(calledLike(batches, absent, written)).toEqual([]);

      const directory = await temporaryDirectory();
      const copy = await GenotypeStore.create(join(directory, 'copy'), { assembly: 'GRCh38', absent });
      await writeFile(join(directory, 'region.vcf'), written);
      await copy.ingest(join(directory, 'region.vcf'));
      expect(await exported(copy, all)).toBe(written);
    }),
    { numRuns: 15 },
  );
});

/** Lines of an export whose calls differ from those of the input, split into one alternate allele a line. */
function calledLike(batches: readonly Batch[], absent: AbsentPolicy, written: string): readonly string[] {
  const rows = written.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
  return rows.filter((row) => {
    const [contig, pos, , ref, alt, , , , , ...calls] = row.split('\t');
    const variant = { contig: contig!, position: Number(pos) - 1, ref: ref!, alt: alt! };
    const expected = batches
      .filter((own) => own.files.flat().length > 0)
      .flatMap((own) => expectedCalls(own, absent, variant));
    return calls.join('\t') !== expected.join('\t');
  });
}

function expectedCalls(own: Batch, absent: AbsentPolicy, variant: Variant): readonly string[] {
  const lines = own.files.flat().filter(({ contig }) => contig === variant.contig);
  if (lines.length === 0) return own.samples.map(() => './.');
  const sites = naiveSites(own).filter((site) => site.variant.contig === variant.contig);
  const listed = sites.find((site) => compareVariants(site.variant, variant) === 0);
  if (listed === undefined) {
    const neighbour = sites.findLast((site) => compareVariants(site.variant, variant) < 0) ?? sites[0];
    const state = absent === 'reference' ? '0' : '.';
    return own.samples.map((_, place) =>
      absent === 'reference' && neighbour?.calls[place]?.length === 1 ? state : `${state}/${state}`,
    );
  }
  const line = lines.find((candidate) =>
    normaliseSite(candidate).some((allele) => compareVariants(allele.variant, variant) === 0),
  );
  return line!.calls.map((call) =>
    call.replaceAll(/\d/g, (allele) => (allele === listed.allele ? '1' : '0')),
  );
}

async function exported(
  store: GenotypeStore,
  interval: { contig: string; start: number; end: number },
): Promise<string> {
  const out = new PassThrough();
  const whole = text(out);
  await store.exportGenotypes(interval, out);
  out.end();
  return whole;
}
