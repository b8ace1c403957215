import { COUNTED, type TruthRow } from '../data/truth.ts';

/** Counts of one allele as a program says them, keyed as in `COUNTED`; what it does not say is left out. */
export interface FoundRow {
  readonly pos: number;
  readonly ref: string;
  readonly alt: string;
  /** One for each population, in order. */
  readonly populations: readonly Partial<Record<(typeof COUNTED)[number], number>>[];
}

/** A program counted otherwise than the generator: no figure of it may be published. */
export class WrongCount extends Error {}

/**
 * Holds what a program counted to the truth, both in the order of positions (alleles of one site in any). Throws `WrongCount` at the first
 * difference.
 */
export function compareCounts(
  program: string,
  rows: readonly FoundRow[],
  expected: readonly TruthRow[],
): void {
  const [found, truth] = [rows.toSorted(byAllele), expected.toSorted(byAllele)];
  if (found.length !== truth.length)
    throw new WrongCount(`${program} has ${found.length} alleles where the truth has ${truth.length}`);
  for (const [index, { pos, ref, alt, counts }] of truth.entries()) {
    const row = found[index]!;
    const site = `${pos} ${ref}>${alt}`;
    if (row.pos !== pos || row.ref !== ref || row.alt !== alt)
      throw new WrongCount(`${program} has ${row.pos} ${row.ref}>${row.alt} where the truth has ${site}`);
    const populations = counts.length / COUNTED.length;
    if (row.populations.length !== populations)
      throw new WrongCount(
        `${program} has ${row.populations.length} of ${populations} populations at ${site}`,
      );
    for (const [population, said] of row.populations.entries()) {
      for (const [place, name] of COUNTED.entries()) {
        const right = counts[COUNTED.length * population + place]!;
        if (said[name] !== undefined && said[name] !== right)
          throw new WrongCount(
            `${program}: ${name} of population ${population + 1} at ${site} is ${said[name]}, not ${right}`,
          );
      }
    }
  }
}

/** Counts of everyone: the sums over the populations. */
export function totalOf({ counts }: TruthRow): Record<(typeof COUNTED)[number], number> {
  const total = { ac: 0, an: 0, hom: 0, missing: 0 };
  for (const [index, count] of counts.entries()) total[COUNTED[index % COUNTED.length]!] += count;
  return total;
}

type Allele = Pick<TruthRow, 'pos' | 'ref' | 'alt'>;

function byAllele(a: Allele, b: Allele): number {
  return a.pos - b.pos || compareText(a.ref, b.ref) || compareText(a.alt, b.alt);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
