import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openReference, type ReferenceSequence } from './reference.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-fasta-'));
const path = join(directory, 'reference.fa');
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => rmSync(`${path}.fai`, { force: true }));

function opened(text: string | Uint8Array, index?: string): Promise<ReferenceSequence> {
  writeFileSync(path, text);
  if (index !== undefined) writeFileSync(`${path}.fai`, index);
  return openReference(path);
}

const TWO = '>chr1 the first\nACGTACGTAC\nGTacgtNN\n>2\nTTTT\n';

describe('a reference', () => {
  test('gives upper-case bases of a stretch, over the ends of lines', async () => {
    const reference = await opened(TWO);
    expect(reference.bases('chr1', 0, 4)).toBe('ACGT');
    expect(reference.bases('chr1', 8, 14)).toBe('ACGTAC');
    expect(reference.bases('2', 0, 4)).toBe('TTTT');
    await reference.close();
  });

  test('knows contigs by their names in the file and by those of Federome', async () => {
    const reference = await opened('>chr1\nACGT\n>NC_012920.1 mitochondrion\nCCCCC\n>scaffold_7\nGG\n');
    for (const name of ['chr1', '1', 'NC_000001.11', 'NC_000001.10'])
      expect(reference.lengthBp(name)).toBe(4);
    for (const name of ['MT', 'chrM', 'NC_012920.1']) expect(reference.bases(name, 0, 9)).toBe('CCCCC');
    expect(reference.bases('scaffold_7', 1, 2)).toBe('G');
    await reference.close();
  });

  test('has nothing beyond the ends of a contig, and knows no other contig', async () => {
    const reference = await opened(TWO);
    expect(reference.bases('chr1', -3, 2)).toBe('AC');
    expect(reference.bases('chr1', 16, 30)).toBe('NN');
    expect(reference.bases('chr1', 18, 30)).toBe('');
    expect(reference.lengthBp('3')).toBeUndefined();
    expect(() => reference.bases('3', 0, 1)).toThrowError(expect.objectContaining({ code: 'formats/fasta' }));
    await reference.close();
  });

  test('is read by its index where there is one', async () => {
    const reference = await opened(TWO, 'chr1\t18\t16\t10\t11\n2\t4\t39\t4\t5\n');
    expect([reference.bases('1', 0, 18), reference.bases('2', 0, 4)]).toEqual(['ACGTACGTACGTACGTNN', 'TTTT']);
    await reference.close();
  });

  test.each([
    ['of another file', 'chr1\t18\t20\t10\t11\n2\t4\t39\t4\t5\n'],
    ['that is shorter', 'chr1\t10\t16\t10\t11\n2\t3\t39\t4\t5\n'],
    ['with other lines', 'chr1\t18\t16\t9\t10\n2\t4\t38\t4\t5\n'],
    ['with other names', '2\t18\t16\t10\t11\nchr1\t4\t39\t4\t5\n'],
  ])('with an index %s is refused when it is used', async (_what, index) => {
    const reference = await opened(TWO, index);
    expect(() => [reference.bases('chr1', 0, 4), reference.bases('2', 0, 4)]).toThrowError(
      expect.objectContaining({ code: 'formats/fasta', message: expect.stringContaining('index') }),
    );
    await reference.close();
  });

  test('may have lines that end with CR LF, and no newline at its end', async () => {
    const reference = await opened('>1\r\nACGT\r\nAC\r\n>2\r\nTT');
    expect([reference.bases('1', 0, 9), reference.bases('2', 0, 9)]).toEqual(['ACGTAC', 'TT']);
    await reference.close();
  });
});

test('any stretch of any sequences is what the text says', async () => {
  const sequence = fc.string({
    unit: fc.constantFrom('A', 'C', 'g', 't', 'N'),
    minLength: 1,
    maxLength: 300,
  });
  const sequences = fc.array(sequence, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      sequences,
      fc.integer({ min: 1, max: 70 }),
      fc.nat(310),
      fc.nat(310),
      async (all, width, a, b) => {
        const text = all.map(
          (bases, index) => `>s${index}\n${bases.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n')}\n`,
        );
        const reference = await opened(text.join(''));
        all.forEach((bases, index) => {
          expect(reference.lengthBp(`s${index}`)).toBe(bases.length);
          expect(reference.bases(`s${index}`, a, b)).toBe(bases.toUpperCase().slice(a, Math.max(a, b)));
        });
        await reference.close();
      },
    ),
    { numRuns: 60 },
  );
});

test('a contig longer than the windows that are kept is read everywhere', async () => {
  const bases = Array.from({ length: 700_000 }, (_, at) => 'ACGT'[(at * at + (at >> 7)) & 3]).join('');
  const reference = await opened(`>1\n${bases.replace(/(.{60})/g, '$1\n')}\n`);
  for (let at = 0; at < bases.length; at += 9_973)
    expect(reference.bases('1', at, at + 70)).toBe(bases.slice(at, at + 70));
  expect(reference.bases('1', 5, 690_000)).toBe(bases.slice(5, 690_000));
  await reference.close();
});

test.each([
  ['no sequence', 'ACGT\n', /does not start with >/],
  ['no name', '> nothing\nACGT\n', /no name/],
  ['a name twice', '>1\nA\n>1\nC\n', /same name/],
  ['a short line between others', '>1\nACGT\nAC\nACGT\n', /same length/],
  ['a line that is too long', '>1\nACGT\nACGTA\n', /same length/],
  ['nothing', '', /no sequence/],
])('a file with %s is refused', async (_what, text, message) => {
  await expect(opened(text)).rejects.toMatchObject({
    code: 'formats/fasta',
    message: expect.stringMatching(message),
    location: { file: path },
  });
});

test('plain gzip is refused with what to do about it, a file that is not there as such', async () => {
  await expect(opened(gzipSync(TWO))).rejects.toMatchObject({
    code: 'formats/fasta',
    message: expect.stringContaining('bgzip'),
  });
  await expect(openReference(join(directory, 'absent.fa'))).rejects.toMatchObject({
    code: 'formats/file-not-readable',
  });
});
