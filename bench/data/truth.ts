import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import type { Row } from './rows.ts';

/** What is counted in each population: copies, alleles called, people with two copies, people without a call. */
export const COUNTED = ['ac', 'an', 'hom', 'missing'] as const;

/** The counts of one allele of one site: `COUNTED` of the first population, then of the second. */
export interface TruthRow {
  /** 1-based, as in the file. */
  readonly pos: number;
  readonly ref: string;
  readonly alt: string;
  readonly counts: Uint32Array;
}

/** Counts one allele from the haplotypes themselves. */
export function countAllele(
  { alleles, carriers, missing }: Row,
  allele: number,
  populationOf: Uint8Array,
  sizes: Uint32Array,
): Uint32Array {
  const counts = new Uint32Array(COUNTED.length * sizes.length);
  const absent = new Set(missing);
  for (const [population, size] of sizes.entries()) counts[4 * population + 1] = 2 * size;
  for (const person of missing) {
    const at = 4 * populationOf[person]!;
    counts[at + 1]! -= 2;
    counts[at + 3]! += 1;
  }
  for (const carrier of carriers) {
    if (alleles[carrier] !== allele || absent.has(carrier >> 1)) continue;
    const at = 4 * populationOf[carrier >> 1]!;
    counts[at]! += 1;
    if ((carrier & 1) === 0 && alleles[carrier | 1] === allele) counts[at + 2]! += 1;
  }
  return counts;
}

/** Writes rows as gzipped text: `pos ref alt` and the counts. */
export class TruthWriter {
  readonly #gzip = createGzip();
  readonly #done: Promise<unknown>;

  constructor(path: string) {
    const file = createWriteStream(path);
    this.#done = once(file, 'close');
    this.#gzip.pipe(file);
  }

  write({ pos, ref, alt, counts }: TruthRow): void {
    this.#gzip.write(`${pos}\t${ref}\t${alt}\t${counts.join('\t')}\n`);
  }

  async end(): Promise<void> {
    this.#gzip.end();
    await this.#done;
  }
}

export async function readTruth(path: string): Promise<TruthRow[]> {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()) });
  const rows: TruthRow[] = [];
  for await (const line of lines) {
    const [pos, ref, alt, ...counts] = line.split('\t');
    rows.push({ pos: Number(pos), ref: ref!, alt: alt!, counts: Uint32Array.from(counts, Number) });
  }
  return rows;
}
