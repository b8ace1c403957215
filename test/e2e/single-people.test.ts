import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { federome, federomeOutput, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

/** Rows have their columns apart by spaces. */
function gvcf(name: string, rows: readonly string[]): string {
  return [
    '##fileformat=VCFv4.2',
    '##contig=<ID=22>',
    '##ALT=<ID=NON_REF,Description="Any other">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${name}`,
    ...rows.map((row) => row.replaceAll(' ', '\t')),
    '',
  ].join('\n');
}

const block = (from: number, to: number, gq = 50) => `22 ${from} . A <NON_REF> . . END=${to} GT:GQ 0/0:${gq}`;

test('people who came one by one in gVCF are counted where they were called, before and after a compaction', async () => {
  const home = await temporaryDirectory();
  const node = join(home, 'node');
  const file = async (name: string, rows: readonly string[]) => {
    await writeFile(join(home, `${name}.g.vcf`), gvcf(name, rows));
    return join(home, `${name}.g.vcf`);
  };
  const a = await file('a', [
    '22 20000000 . A G,<NON_REF> . . . GT:GQ 0/1:40',
    block(20_000_001, 20_000_100),
  ]);
  const b = await file('b', [block(20_000_000, 20_000_050)]);
  const c = await file('c', [
    block(20_000_000, 20_000_050, 5),
    '22 20000060 . A T,<NON_REF> . . . GT:GQ 1/1:30',
  ]);
  await federomeOutput('init', node, '--country', 'ES');
  await federomeOutput('dataset', 'add', node, 'd', '--assembly', 'GRCh38');
  const ingest = ['ingest', node, '--dataset', 'd', '--reference-gq', '20'];
  await federomeOutput(...ingest, a, b);
  await federomeOutput(...ingest, c);
  const frequencies = () => federomeOutput('frequencies', node, '--dataset', 'd');
  const before = await frequencies();
  expect(before.trimEnd().split('\n').slice(1)).toEqual([
    '22\t20000000\tA\tG\tall\t1\t4\t0\t1\t0\t1',
    '22\t20000060\tA\tT\tall\t2\t4\t1\t0\t0\t1',
  ]);
  const compacted = JSON.parse(await federomeOutput('compact', node, '--dataset', 'd', '--json'));
  expect(compacted).toMatchObject([{ dataset: 'd', outcome: 'compacted', blocksBefore: 2, blocks: 1 }]);
  expect(await frequencies()).toBe(before);
  await federomeOutput('verify', node);
  const again = JSON.parse(await federomeOutput(...ingest, b, a, '--json'));
  expect(again.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    'already-ingested',
    'already-ingested',
  ]);
  const damaged = await file('e', ['22 20000060 . A T,<NON_REF> . . . GT:GQ 7/1:30']);
  const refused = await federome(...ingest, await file('f', [block(20_000_000, 20_000_050)]), damaged);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/e\.g\.vcf:8/);
  expect(await frequencies()).toBe(before);
});
