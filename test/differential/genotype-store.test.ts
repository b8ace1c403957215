import { createWriteStream } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type AlleleCounts, mergeAlleleCounts, NO_ALLELES, PeopleSet, type Variant } from '@federome/core';
import { GenotypeStore } from '@federome/genotypes';
import { hasShared, hasTool, outputOf, sharedPath, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

const FIVE = 'data/genotypes/1kg_five_batches_grch37_chr22';
const BATCHES = ['1-500', '501-1000', '1001-1500', '1501-2000', '2001-2504'].map(
  (range) => `${FIVE}/batch_${range}.chr22.vcf.gz`,
);
const STUDIES = 'data/genotypes/1kg_three_studies_grch37';
const LABELS = 'data/genotypes/population_labels/20130606_g1k.ped';
const REFERENCE = 'data/genotypes/1kg_grch37_chr1_with_reference';
const ready = hasTool('bcftools', 'bgzip', 'tabix') && hasShared(FIVE, STUDIES, LABELS, REFERENCE);

/** `AC AN AC_Hom AC_Het AC_Hemi` by variant and then by population (`` is everyone). */
type Tags = Map<string, Map<string, string>>;

const keyOf = (contig: string, pos: number, ref: string, alt: string): string => {
  let [at, from, to] = [pos, ref, alt];
  while (from.length > 1 && to.length > 1 && /^[ACGT]+$/.test(to) && from.at(-1) === to.at(-1)) {
    [from, to] = [from.slice(0, -1), to.slice(0, -1)];
  }
  while (from.length > 1 && to.length > 1 && /^[ACGT]+$/.test(to) && from[0] === to[0]) {
    [at, from, to] = [at + 1, from.slice(1), to.slice(1)];
  }
  return `${contig}:${at}:${from}:${to}`;
};

/** bcftools counts alleles of homozygotes and of haploid people; the store counts people. */
const tagsOf = ({ ac, an, hom, het, hemi }: AlleleCounts): string => [ac, an, 2 * hom, het, hemi].join(' ');

async function populations(): Promise<ReadonlyMap<string, string>> {
  const rows = (await readFile(sharedPath(LABELS), 'utf8')).trim().split('\n').slice(1);
  return new Map(rows.map((row) => row.split('\t')).map((fields) => [fields[1]!, fields[6]!]));
}

/** Counts of a merged file by bcftools, split into one alternate allele a line first. */
async function byBcftools(file: string, groups: ReadonlyMap<string, string>, home: string): Promise<Tags> {
  const samples = (await outputOf('bcftools', ['query', '-l', file])).trim().split('\n');
  const labelled = samples.filter((sample) => groups.has(sample));
  await writeFile(
    join(home, 'groups'),
    labelled.map((sample) => `${sample}\t${groups.get(sample)}\n`).join(''),
  );
  const names = [...new Set(labelled.map((sample) => groups.get(sample)!))].sort();
  const split = join(home, 'split.bcf');
  const tagged = join(home, 'tagged.bcf');
  await outputOf('bcftools', ['norm', '-m', '-any', file, '-Ob', '-o', split]);
  await outputOf('bcftools', [
    ...['+fill-tags', split, '-Ob', '-o', tagged, '--'],
    ...['-S', join(home, 'groups'), '-t', 'AC,AN,AC_Hom,AC_Het,AC_Hemi'],
  ]);
  const suffixes = ['', ...names.map((name) => `_${name}`)];
  const format = suffixes.map((suffix) =>
    ['AC', 'AN', 'AC_Hom', 'AC_Het', 'AC_Hemi'].map((tag) => `%INFO/${tag}${suffix}`).join(' '),
  );
  const text = await outputOf('bcftools', [
    'query',
    '-f',
    `%CHROM\t%POS\t%REF\t%ALT\t${format.join('\t')}\n`,
    tagged,
  ]);
  const tags: Tags = new Map();
  for (const row of text.trim().split('\n')) {
    const [contig, pos, ref, alt, ...counts] = row.split('\t');
    tags.set(
      keyOf(contig!, Number(pos), ref!, alt!),
      new Map(['', ...names].map((name, place) => [name, counts[place]!])),
    );
  }
  return tags;
}

async function merged(files: readonly string[], home: string): Promise<string> {
  const indexed: string[] = [];
  for (const [place, file] of files.entries()) {
    const path = join(home, `${place}.bcf`);
    await outputOf('bcftools', ['view', '-Ob', '-o', path, file]);
    await outputOf('bcftools', ['index', path]);
    indexed.push(path);
  }
  await outputOf('bcftools', [
    'merge',
    '-0',
    '-m',
    'none',
    '-Ob',
    '-o',
    join(home, 'merged.bcf'),
    ...indexed,
  ]);
  return join(home, 'merged.bcf');
}

async function storeOf(directory: string, files: readonly string[]): Promise<GenotypeStore> {
  const store = await GenotypeStore.create(directory, { assembly: 'GRCh37', absent: 'reference' });
  for (const file of files) await store.ingest(file);
  return store;
}

/** People of a store by population; everyone is first and called ``. */
function cohortsOf(store: GenotypeStore, groups: ReadonlyMap<string, string>): Map<string, PeopleSet> {
  const members = Map.groupBy(store.everyone(), (person) => groups.get(store.sampleOf(person)!) ?? 'none');
  members.delete('none');
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map([
    ['', store.everyone()],
    ...sorted.map(([name, people]): [string, PeopleSet] => [name, PeopleSet.of(people)]),
  ]);
}

async function byStore(store: GenotypeStore, cohorts: ReadonlyMap<string, PeopleSet>): Promise<Tags> {
  const tags: Tags = new Map();
  for await (const { site, counts } of store.frequencies([...cohorts.values()])) {
    const { contig, position, ref, alt } = site.variant;
    const names = [...cohorts.keys()];
    tags.set(
      `${contig}:${position + 1}:${ref}:${alt}`,
      new Map(names.map((name, place) => [name, tagsOf(counts[place]!)])),
    );
  }
  return tags;
}

function expectEqualTags(found: Tags, expected: Tags): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  const wrong = [...expected].filter(
    ([key, groups]) => JSON.stringify([...groups]) !== JSON.stringify([...found.get(key)!]),
  );
  expect(wrong.slice(0, 3)).toEqual([]);
}

test.skipIf(!ready)(
  'five batches as five blocks of one store, and as five stores, count what bcftools counts in the merged files',
  { timeout: 180_000 },
  async () => {
    const home = await temporaryDirectory();
    const files = BATCHES.map(sharedPath);
    const groups = await populations();
    const expected = await byBcftools(await merged(files, home), groups, home);
    expect(expected.size).toBeGreaterThan(9_700);
    const one = await storeOf(join(home, 'one'), files);
    expect(one.variantCount()).toBe(expected.size);
    expectEqualTags(await byStore(one, cohortsOf(one, groups)), expected);

    const stores = await Promise.all(files.map((file, place) => storeOf(join(home, `s${place}`), [file])));
    const cohorts = stores.map((store) => cohortsOf(store, groups));
    const names = [...expected.values().next().value!.keys()];
    const totals: Tags = new Map();
    for await (const { site } of one.frequencies([])) {
      const merging = names.map(() => NO_ALLELES);
      for (const [place, store] of stores.entries()) {
        const counts = await store.count(
          site.variant,
          names.map((name) => cohorts[place]!.get(name) ?? PeopleSet.EMPTY),
        );
        counts.forEach((own, group) => {
          merging[group] = mergeAlleleCounts(merging[group]!, own);
        });
      }
      totals.set(
        oneBased(site.variant),
        new Map(names.map((name, group) => [name, tagsOf(merging[group]!)])),
      );
    }
    expectEqualTags(totals, expected);
  },
);

const oneBased = ({ contig, position, ref, alt }: Variant): string =>
  `${contig}:${position + 1}:${ref}:${alt}`;

test.skipIf(!ready)(
  'chromosomes 7, 21 and X of the three studies, half calls included, count as in bcftools',
  { timeout: 180_000 },
  async () => {
    const home = await temporaryDirectory();
    const groups = await populations();
    const directory = sharedPath(STUDIES);
    const files = (await readdir(directory)).filter((file) => /chr(X|21|7)\.vcf\.gz$/.test(file)).sort();
    const store = await storeOf(
      join(home, 'store'),
      files.map((file) => join(directory, file)),
    );
    expect(store.blocks().length).toBe(1);
    const found = await byStore(store, cohortsOf(store, groups));
    const expected: Tags = new Map();
    for (const file of files) {
      for (const [key, tags] of await byBcftools(join(directory, file), groups, home))
        expected.set(key, tags);
    }
    expectEqualTags(found, expected);
  },
);

test.skipIf(!ready)(
  'variants left-aligned against the reference are those of bcftools norm',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    const fasta = sharedPath(`${REFERENCE}/Homo_sapiens_assembly19_chr1_1M.fasta`);
    const within = join(home, 'within.vcf.gz');
    const compressed = join(home, 'all.vcf.gz');
    await outputOf('bcftools', [
      'view',
      '-Oz',
      '-o',
      compressed,
      sharedPath(`${REFERENCE}/test_1000G.vcf.gz`),
    ]);
    await outputOf('bcftools', ['index', '-t', compressed]);
    await outputOf('bcftools', ['view', '-r', '1:1-999000', '-Oz', '-o', within, compressed]);
    await copyFile(fasta, join(home, 'reference.fasta'));
    const text = await outputOf('sh', [
      '-c',
      `bcftools norm -m -any -f ${join(home, 'reference.fasta')} ${within} 2>/dev/null | bcftools query -f '%CHROM:%POS:%REF:%ALT\\n'`,
    ]);
    const store = await GenotypeStore.create(join(home, 'store'), {
      assembly: 'GRCh37',
      absent: 'reference',
    });
    await store.ingest(within, { reference: join(home, 'reference.fasta') });
    const found: string[] = [];
    for await (const { variant } of store.sites({ contig: '1', start: 0, end: 1e9 }))
      found.push(oneBased(variant));
    expect(found.sort()).toEqual(text.trim().split('\n').sort());
  },
);

test.skipIf(!ready)(
  'an exported region reads back in bcftools with the calls of the input',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    const file = join(sharedPath(STUDIES), '1KG_phase3_subset_chrX.vcf.gz');
    const store = await storeOf(join(home, 'store'), [file]);
    const path = join(home, 'region.vcf');
    const out = createWriteStream(path);
    await store.exportGenotypes({ contig: 'X', start: 0, end: 1e9 }, out);
    out.end();
    await finished(out);
    const query = ['query', '-f', '%CHROM %POS %REF %ALT[ %GT]\n'];
    await outputOf('bcftools', ['norm', '-m', '-any', '-Ob', '-o', join(home, 'split.bcf'), file]);
    const expected = (await outputOf('bcftools', [...query, join(home, 'split.bcf')])).trim().split('\n');
    const found = (await outputOf('bcftools', [...query, path])).trim().split('\n');
    const shape = (row: string): string => {
      const [contig, pos, ref, alt, ...calls] = row.split(' ');
      return `${keyOf(contig!, Number(pos), ref!, alt!)} ${calls.join(' ')}`;
    };
    expect(found.map(shape).sort()).toEqual(expected.map(shape).sort());
  },
);
