import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeaderReader, type ParsedHeader } from '../header/header.ts';
import { InfoCheck } from './info.ts';

const DECLARED = [
  ['I1', '1', 'Integer'],
  ['IA', 'A', 'Integer'],
  ['IR', 'R', 'Integer'],
  ['I_', '.', 'Integer'],
  ['F2', '2', 'Float'],
  ['FA', 'A', 'Float'],
  ['S1', '1', 'String'],
  ['S_', '.', 'String'],
  ['C1', '1', 'Character'],
  ['BB', '0', 'Flag'],
] as const;

function header(minor: number): ParsedHeader {
  const reader = new HeaderReader('test.vcf');
  reader.take(`##fileformat=VCFv4.${minor}`);
  for (const [id, number, type] of DECLARED)
    reader.take(`##INFO=<ID=${id},Number=${number},Type=${type},Description="x">`);
  reader.take('#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO');
  return reader.finish(undefined);
}

/** What a check says of a column, or nothing. */
function refusalOf(check: InfoCheck, text: string, alts: number): string | undefined {
  const bytes = Buffer.from(`before\t${text}\tGT`);
  try {
    check.check(bytes, 7, bytes.length - 3, alts, (reason) => new Error(reason));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const value = fc.oneof(
  fc.constantFrom(
    '.',
    '7',
    '-7',
    '+7',
    '007',
    '2147483647',
    '-2147483648',
    '1.5',
    '.5',
    '5.',
    '-',
    '+',
    '-.',
  ),
  fc.constantFrom(
    '1e5',
    '1e',
    'e5',
    '1E-12',
    'inf',
    'NaN',
    'a',
    'ab',
    'a b',
    '',
    '0',
    '1',
    '3M1D',
    'é',
    '1=2',
  ),
);
const field = fc
  .tuple(
    fc.constantFrom(
      ...DECLARED.map(([id]) => id),
      'AC',
      'AF',
      'AN',
      'DP',
      'MQ',
      'DB',
      'CIGAR',
      'NEW',
      'é',
      '',
      ' ',
    ),
    fc.boolean(),
    fc.array(value, { maxLength: 3 }),
  )
  .map(([key, alone, values]) => (alone ? key : `${key}=${values.join(',')}`));
const info = fc
  .array(field, { maxLength: 5 })
  .map((fields) => (fields.length === 0 ? '.' : fields.join(';')));

test.each([2, 3])(
  'keys that were met before are held to what they were held to at first: VCF 4.%i',
  (minor) => {
    const parsed = header(minor);
    const known = new InfoCheck(parsed);
    let accepted = 0;
    fc.assert(
      fc.property(info, fc.integer({ min: 0, max: 3 }), fc.boolean(), (text, alts, trailing) => {
        const written = trailing ? `${text};` : text;
        const expected = refusalOf(new InfoCheck(parsed), written, alts);
        expect(refusalOf(known, written, alts)).toBe(expected);
        expect(refusalOf(known, written, alts)).toBe(expected);
        if (expected === undefined) accepted += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  },
);
