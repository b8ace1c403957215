import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { describe, expect, test } from 'vitest';
import type { AbsentPolicy } from '../api.ts';
import { GenotypeStore } from '../store.ts';
import { exported } from './people.contract.ts';

const META = [
  '##fileformat=VCFv4.2',
  '##contig=<ID=3>',
  '##contig=<ID=X>',
  '##ALT=<ID=NON_REF,Description="Any other">',
  '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
  '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">',
];

async function emptyStore(
  absent: AbsentPolicy = 'reference',
): Promise<{ store: GenotypeStore; directory: string }> {
  const directory = await temporaryDirectory();
  return {
    directory,
    store: await GenotypeStore.create(join(directory, 'store'), { assembly: 'GRCh38', absent }),
  };
}

/** Rows have their columns apart by spaces. */
async function file(
  directory: string,
  name: string,
  samples: readonly string[],
  rows: readonly string[],
): Promise<string> {
  const path = join(directory, name);
  const titles = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...samples].join(
    '\t',
  );
  await writeFile(path, [...META, titles, ...rows.map((row) => row.replaceAll(' ', '\t')), ''].join('\n'));
  return path;
}

async function callsOf(store: GenotypeStore, contig: string): Promise<Record<string, string>> {
  const lines = await exported(store, contig);
  return Object.fromEntries(
    lines.map((line) => {
      const [, pos, , ref, alt, , , , , ...calls] = line.split('\t');
      return [`${pos} ${ref}>${alt}`, calls.join(' ')];
    }),
  );
}

describe('files that are merged', () => {
  test('may name their contigs in any order', async () => {
    const { store, directory } = await emptyStore();
    const a = await file(directory, 'a.vcf', ['a'], ['X 9 . A C . . . GT 0/1', '3 5 . A C . . . GT 1/1']);
    const b = await file(directory, 'b.vcf', ['b'], ['3 5 . A C . . . GT 0/1', 'X 9 . A C . . . GT 0/0']);
    await store.ingestTogether([a, b]);
    expect(await callsOf(store, '3')).toEqual({ '5 A>C': '1/1 0/1' });
    expect(await callsOf(store, 'X')).toEqual({ '9 A>C': '0/1 0/0' });
  });

  test('write one change in several ways, and it is one variant', async () => {
    const { store, directory } = await emptyStore();
    const a = await file(directory, 'a.vcf', ['a'], ['3 5 rs7 CAT C,CAG . . . GT 1/2']);
    const b = await file(directory, 'b.vcf', ['b'], ['3 7 . T G . . . GT 0/1']);
    await store.ingestTogether([a, b]);
    expect(await callsOf(store, '3')).toEqual({ '5 CAT>C': '1/0 0/0', '7 T>G': '0/1 0/1' });
    expect((await store.site({ contig: '3', position: 4, ref: 'CAT', alt: 'C' }))?.ids).toEqual(['rs7']);
  });

  test('that were taken in before are passed over, one by one', async () => {
    const { store, directory } = await emptyStore();
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((name) => file(directory, `${name}.vcf`, [name], ['3 5 . A C . . . GT 0/1'])),
    );
    expect(await store.ingestTogether([a!, b!])).toMatchObject([
      { outcome: 'ingested', newSamples: 1 },
      { outcome: 'ingested' },
    ]);
    const { version } = store;
    expect(await store.ingestTogether([b!, a!])).toMatchObject([
      { outcome: 'already-ingested' },
      { outcome: 'already-ingested' },
    ]);
    expect(store.version).toBe(version);
    expect(await store.ingestTogether([a!, b!, c!])).toMatchObject([
      { outcome: 'already-ingested' },
      { outcome: 'already-ingested' },
      { outcome: 'ingested', samples: 1, variants: 1 },
    ]);
    expect(await callsOf(store, '3')).toEqual({ '5 A>C': '0/1 0/1 0/1' });
  });

  test('of people who have genotypes bring more of them, in any order of the files', async () => {
    const { store, directory } = await emptyStore();
    const of = (name: string, contig: string, call: string) =>
      file(directory, `${name}-${contig}.vcf`, [name], [`${contig} 5 . A C . . . GT ${call}`]);
    await store.ingestTogether([await of('a', '3', '0/1'), await of('b', '3', '1/1')]);
    await store.ingestTogether([await of('b', 'X', '1'), await of('a', 'X', '0/1')]);
    expect(await callsOf(store, 'X')).toEqual({ '5 A>C': '0/1 1' });
    expect(store.blocks().length).toBe(1);
  });

  test('leave nothing when one of them is damaged, and the error names its file and line', async () => {
    const { store, directory } = await emptyStore();
    const files = await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        file(
          directory,
          `${at}.vcf`,
          [`p${at}`],
          ['3 5 . A C . . . GT 0/1', `3 6 . A ${at === 17 ? '?' : 'C'} . . . GT 0/1`],
        ),
      ),
    );
    const before = await readdir(store.directory);
    await expect(store.ingestTogether(files)).rejects.toMatchObject({
      code: 'formats/vcf-column',
      location: { file: files[17], line: 11 },
    });
    expect(await readdir(store.directory)).toEqual(before);
    expect(store.blocks()).toEqual([]);
  });

  test('have different people: one who is in two files is refused', async () => {
    const { store, directory } = await emptyStore();
    const a = await file(directory, 'a.vcf', ['a', 'x'], ['3 5 . A C . . . GT 0/1 0/0']);
    const b = await file(directory, 'b.vcf', ['x'], ['3 6 . A C . . . GT 0/1']);
    await expect(store.ingestTogether([a, b])).rejects.toMatchObject({
      code: 'genotypes/samples-overlap',
      location: { file: b },
    });
  });

  test('do not list a variant twice for one person', async () => {
    const { store, directory } = await emptyStore();
    const reference = join(directory, 'x.fa');
    await writeFile(reference, `>3\n${'A'.repeat(20)}${'CACACA'}${'G'.repeat(20)}\n`);
    const a = await file(
      directory,
      'a.vcf',
      ['a'],
      ['3 20 . ACA A . . . GT 0/1', '3 24 . ACA A . . . GT 0/1'],
    );
    const b = await file(directory, 'b.vcf', ['b'], ['3 20 . ACA A . . . GT 0/1']);
    await expect(store.ingestTogether([b, a], { reference })).rejects.toMatchObject({
      code: 'genotypes/duplicate-variant',
      location: { file: a },
    });
  });

  test('count reference blocks from the quality on that was asked for', async () => {
    const { store, directory } = await emptyStore();
    const block = (gq: string) => `3 1 . A <NON_REF> . . END=10 GT:GQ:MIN_DP 0/0:${gq}`;
    const files = [
      await file(directory, 'a.vcf', ['a'], [block('20:9')]),
      await file(directory, 'b.vcf', ['b'], [block('19:9')]),
      await file(directory, 'c.vcf', ['c'], [block('.:9')]),
      await file(directory, 'd.vcf', ['d'], [block('99:3')]),
      await file(
        directory,
        'e.vcf',
        ['e'],
        ['3 5 . A C,<NON_REF> . . . GT:GQ:MIN_DP 0/1:1:1', '3 6 . A <NON_REF> . . . GT:GQ:MIN_DP 0/0:99:9'],
      ),
    ];
    await store.ingestTogether(files, { referenceQuality: { gq: 20, depth: 9 } });
    expect(await callsOf(store, '3')).toEqual({ '5 A>C': '0/0 ./. ./. ./. 0/1' });
    const everyone = PeopleSet.range(0, 5);
    const elsewhere = { contig: '3', position: 7, ref: 'A', alt: 'G' };
    expect(await store.count(elsewhere, [everyone])).toMatchObject([{ an: 2, missing: 4 }]);
  });

  test('may be a thousand, of which not one more than needed is open', { timeout: 120_000 }, async () => {
    const { store, directory } = await emptyStore('missing');
    const files = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        file(
          directory,
          `${at}.vcf`,
          [`p${at}`],
          [
            `3 1 . A <NON_REF> . . END=${100 + (at % 10)} GT 0/0`,
            `3 200 . A C,<NON_REF> . . . GT ${at % 3 === 0 ? '0/1' : '1/1'}`,
            `3 ${300 + at} . G T,<NON_REF> . . . GT 0/1`,
          ],
        ),
      ),
    );
    const reports = await store.ingestTogether(files, { heldBytes: 1 << 14 });
    expect(reports.length).toBe(1_000);
    const everyone = store.everyone();
    const count = async (position: number, ref: string, alt: string) =>
      (await store.count({ contig: '3', position, ref, alt }, [everyone]))[0];
    expect(await count(199, 'A', 'C')).toMatchObject({
      ac: 1_666,
      an: 2_000,
      hom: 666,
      het: 334,
      missing: 0,
    });
    expect(await count(299 + 512, 'G', 'T')).toMatchObject({ ac: 1, an: 2, het: 1, missing: 999 });
    expect(await count(104, 'A', 'G')).toMatchObject({ ac: 0, an: 1_000, missing: 500 });
    expect((await store.verify()).faults).toEqual([]);
  });
});

test('files are planned by their samples: few together, the same people one after the other, many alone', async () => {
  const { store, directory } = await emptyStore();
  const row = (samples: readonly string[]) => `3 5 . A C . . . GT ${samples.map(() => '0/1').join(' ')}`;
  const many = Array.from({ length: 65 }, (_, at) => `m${at}`);
  const [a, b, aAgain, big, gvcf] = [
    await file(directory, 'a.vcf', ['a'], [row(['a'])]),
    await file(directory, 'b.vcf', ['b', 'c'], [row(['b', 'c'])]),
    await file(directory, 'a-x.vcf', ['a'], ['X 5 . A C . . . GT 0/1']),
    await file(directory, 'big.vcf', many, [row(many)]),
    await file(directory, 'g.vcf', ['g'], ['3 1 . A <NON_REF> . . END=10 GT 0/0']),
  ];
  expect(await store.planIngest([a, big, b, aAgain])).toEqual([
    { files: [a, b], together: true },
    { files: [big], together: false },
    { files: [aAgain], together: false },
  ]);
  expect(await store.planIngest([gvcf])).toEqual([{ files: [gvcf], together: true }]);
  await expect(store.planIngest([a, b, join(directory, 'none.vcf')])).rejects.toMatchObject({
    code: 'formats/file-not-readable',
  });
});
