import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseRegionOf, parseVariant, readVariants } from './variant-names.ts';

const list = async (text: string) => {
  const directory = await mkdtemp(join(tmpdir(), 'federome-variants-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'list.tsv');
  await writeFile(path, text);
  return path;
};

test.each([
  ['22-100-A-G', { contig: '22', position: 99, ref: 'A', alt: 'G' }],
  ['chr22:100:A:G', { contig: '22', position: 99, ref: 'A', alt: 'G' }],
  ['NC_000022.11-100-CTT-CT', { contig: '22', position: 99, ref: 'CT', alt: 'C' }],
  ['chrM-1-a-g', { contig: 'MT', position: 0, ref: 'A', alt: 'G' }],
])('%s is a variant, minimal and under the contig’s own name', (text, variant) => {
  expect(parseVariant(text, 'GRCh38')).toEqual(variant);
});

test.each([
  ['BRCA1', 'node/bad-request'],
  ['22-0-A-G', 'node/bad-request'],
  ['22-x-A-G', 'node/bad-request'],
  ['NC_000022.10-100-A-G', 'node/assembly-mismatch'],
])('%s is refused', (text, code) => {
  expect(() => parseVariant(text, 'GRCh38')).toThrow(expect.objectContaining({ code }));
});

test('a region may call its contig by any name, but not by one of the other assembly', () => {
  expect(parseRegionOf('chr22:101-200', 'GRCh37')).toEqual({ contig: '22', start: 100, end: 200 });
  expect(() => parseRegionOf('NC_000022.11', 'GRCh37')).toThrow(
    expect.objectContaining({ code: 'node/assembly-mismatch' }),
  );
});

test('a table of variants is read in its order, and a bad line is named', async () => {
  const good = await list('alt\tcontig\tpos\tref\nG\tchr22\t5\tA\nT\tX\t3\tC\n');
  expect(await readVariants(good, 'GRCh38')).toEqual([
    { contig: '22', position: 4, ref: 'A', alt: 'G' },
    { contig: 'X', position: 2, ref: 'C', alt: 'T' },
  ]);
  await expect(
    readVariants(await list('contig\tpos\tref\talt\n22\tfive\tA\tG\n'), 'GRCh38'),
  ).rejects.toMatchObject({
    code: 'node/bad-request',
    location: { line: 2 },
  });
  await expect(readVariants(await list('chrom\tpos\tref\talt\n'), 'GRCh38')).rejects.toMatchObject({
    code: 'formats/missing-column',
  });
});
