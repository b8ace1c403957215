import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import type { AbsentPolicy } from '../api.ts';
import type { GenotypeStore } from '../store.ts';

/** One record of one person; `position` is 0-based. */
export interface Line {
  readonly contig: string;
  readonly position: number;
  readonly ref: string;
  /** Empty for a reference block, which goes up to `end`. */
  readonly alts: readonly string[];
  readonly end: number;
  readonly call: string;
}

export interface Person {
  readonly name: string;
  /** Whether the file has reference blocks. */
  readonly states: boolean;
  readonly lines: readonly Line[];
}

/** Where the bases of the test lie: across the borders of stretches and bins. */
export const STARTS = [40, 65_520, 1_048_560];
export const SPAN = 32;
const REFERENCE = 'ACGTTGCAACCGGTTAACGTACGTTGCATGCA';
export const CONTIGS = ['3', 'X'];

const step = fc.record({
  kind: fc.constantFrom('block', 'block', 'gap', 'single', 'single', 'deletion', 'insertion', 'two'),
  length: fc.integer({ min: 1, max: 9 }),
  alt: fc.constantFrom('A', 'C', 'G', 'T'),
  call: fc.constantFrom('0/1', '1/1', '1|0', '0|1', './.', '0/.', '1', '0', '0/0'),
  reference: fc.constantFrom('0/0', '0/0', '0/0', './.', '0'),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function linesOf(contig: string, start: number, steps: readonly Step[], states: boolean): readonly Line[] {
  const lines: Line[] = [];
  let at = 0;
  for (const { kind, length, alt, call, reference } of steps) {
    const position = start + at;
    const room = Math.min(length, SPAN - at);
    if (room < 1) break;
    const base = REFERENCE[at]!;
    const other = alt === base ? (base === 'A' ? 'C' : 'A') : alt;
    const two = call.includes('/') && call.includes('1') ? '1/2' : call;
    if (kind === 'block' && states)
      lines.push({ contig, position, ref: base, alts: [], end: position + room, call: reference });
    else if (kind === 'single')
      lines.push({ contig, position, ref: base, alts: [other], end: position + 1, call });
    else if (kind === 'two')
      lines.push({
        contig,
        position,
        ref: base,
        alts: ['ACGT'.replace(base, '')[0]!, 'ACGT'.replace(base, '')[1]!],
        end: position + 1,
        call: two,
      });
    else if (kind === 'deletion' && room > 1)
      lines.push({
        contig,
        position,
        ref: REFERENCE.slice(at, at + room),
        alts: [base],
        end: position + room,
        call,
      });
    else if (kind === 'insertion')
      lines.push({ contig, position, ref: base, alts: [`${base}${other}${base}`], end: position + 1, call });
    at += kind === 'block' || kind === 'gap' || kind === 'deletion' ? room : 1;
  }
  return lines;
}

/** A person's file: with reference blocks, or with variants only. */
export const person = fc
  .record({
    states: fc.boolean(),
    steps: fc.array(fc.tuple(fc.boolean(), fc.array(step, { maxLength: 14 })), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map(({ states, steps }) => ({
    states,
    lines: CONTIGS.flatMap((contig, c) =>
      STARTS.flatMap((start, s) => {
        const [present, own] = steps[3 * c + s]!;
        return present ? linesOf(contig, start, own, states) : [];
      }),
    ),
  }))
  .map(({ states, lines }) => ({
    // A file without any block states nothing.
    states: states && lines.some(({ alts }) => alts.length === 0),
    lines,
  }));

export const scenario = fc.record({
  people: fc
    .array(person, { minLength: 1, maxLength: 8 })
    .map((people): readonly Person[] => people.map((each, place) => ({ ...each, name: `p${place}` }))),
  absent: fc.constantFrom<AbsentPolicy>('reference', 'missing'),
  heldBytes: fc.constantFrom(undefined, 400),
  seed: fc.nat(),
});

/** The person's file. */
export function vcf({ name, states, lines }: Person): string {
  const rows = lines.map(({ contig, position, ref, alts, end, call }) => {
    const alt = [...alts, ...(states ? ['<NON_REF>'] : [])].join(',');
    const info = alts.length === 0 ? `END=${end}` : '.';
    return [contig, position + 1, '.', ref, alt, '.', '.', info, 'GT', call].join('\t');
  });
  return [
    '##fileformat=VCFv4.2',
    '##contig=<ID=3>',
    '##contig=<ID=X>',
    '##ALT=<ID=NON_REF,Description="Any other">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${name}`,
    ...rows,
    '',
  ].join('\n');
}

/** The lines of an export of a contig, without its header. */
export async function exported(
  store: GenotypeStore,
  contig: string,
  samples?: readonly string[],
): Promise<readonly string[]> {
  const out = new PassThrough();
  const whole = text(out);
  await store.exportGenotypes({ contig, start: 0, end: 1e9 }, out, { samples });
  out.end();
  return (await whole).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
