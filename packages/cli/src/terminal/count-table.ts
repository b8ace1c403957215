import type { FrequencyBatch } from '@federome/node';

const HEADER = ['contig', 'pos', 'ref', 'alt', 'group', 'AC', 'AN', 'HOM', 'HET', 'HEMI', 'MISSING'];
const TAB = 9;
const NEWLINE = 10;
const ZERO = 48;
/** The longest number, with its sign or tab. */
const NUMBER_BYTES = 11;
const CHUNK_BYTES = 1 << 17;
/** Columns of a group in a batch: ac, an, hom, hemi, missing. */
const COUNTS = 5;

/**
 * The table of `federome frequencies` as bytes, chunk by chunk; each chunk ends with a line and is valid until the next
 * is asked for, and `done` counts. Bytes are written here, and not by way of strings, because there are six rows a site:
 * 300,000 rows take 20 ms and not a third of a second. They are written in one place, because memory that was never
 * touched costs as much again.
 */
export async function* countTable(
  groups: readonly string[],
  batches: AsyncIterable<FrequencyBatch>,
  done = { rows: 0 },
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${HEADER.join('\t')}\n`, 'latin1');
  const writer = new RowWriter(groups);
  for await (const batch of batches) {
    done.rows += batch.size * groups.length;
    yield* writer.rows(batch);
  }
}

class RowWriter {
  /** Each between its tabs. */
  readonly #groups: readonly Buffer[];
  readonly #rowBytes: number;
  #bytes = Buffer.allocUnsafe(CHUNK_BYTES);

  constructor(groups: readonly string[]) {
    this.#groups = groups.map((name) => Buffer.from(`\t${name.replaceAll(/[\t\n\r]/g, ' ')}\t`, 'utf8'));
    this.#rowBytes = Math.max(...this.#groups.map(({ length }) => length)) + 6 * NUMBER_BYTES + 1;
  }

  *rows(batch: FrequencyBatch): Generator<Uint8Array> {
    const contig = Buffer.from(`${batch.contig}\t`, 'utf8');
    let at = 0;
    for (let site = 0; site < batch.size; site += 1) {
      const { ref, alt } = batch.alleles(site);
      const prefixBytes = contig.length + NUMBER_BYTES + 1 + 3 * (ref.length + alt.length);
      const needed = this.#groups.length * (prefixBytes + this.#rowBytes);
      if (at + needed > this.#bytes.length) {
        if (at > 0) yield this.#bytes.subarray(0, at);
        if (needed > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(needed);
        at = 0;
      }
      const start = at;
      at = putBytes(this.#bytes, at, contig);
      at = putNumber(this.#bytes, at, batch.positions[site]! + 1);
      this.#bytes[at++] = TAB;
      at = putText(this.#bytes, at, ref);
      this.#bytes[at++] = TAB;
      at = putText(this.#bytes, at, alt);
      at = putGroups(this.#bytes, start, at, this.#groups, batch.counts, site);
    }
    if (at > 0) yield this.#bytes.subarray(0, at);
  }
}

/** The rows of a site, whose first columns lie at `start`; they and the functions below return where the next byte goes. */
function putGroups(
  bytes: Uint8Array,
  start: number,
  end: number,
  groups: readonly Uint8Array[],
  columns: FrequencyBatch['counts'],
  site: number,
): number {
  let at = end;
  for (let group = 0; group < groups.length; group += 1) {
    if (group > 0) {
      bytes.copyWithin(at, start, end);
      at += end - start;
    }
    at = putBytes(bytes, at, groups[group]!);
    const first = group * COUNTS;
    const ac = columns[first]![site]!;
    const hom = columns[first + 2]![site]!;
    const hemi = columns[first + 3]![site]!;
    at = putCell(bytes, at, ac);
    at = putCell(bytes, at, columns[first + 1]![site]!);
    at = putCell(bytes, at, hom);
    at = putCell(bytes, at, ac - 2 * hom - hemi);
    at = putCell(bytes, at, hemi);
    at = putNumber(bytes, at, columns[first + 4]![site]!);
    bytes[at++] = NEWLINE;
  }
  return at;
}

function putCell(bytes: Uint8Array, at: number, value: number): number {
  const end = putNumber(bytes, at, value);
  bytes[end] = TAB;
  return end + 1;
}

/** A whole number from 0 that has 32 bits. */
function putNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  const end = at + digitsOf(value);
  let to = end;
  for (let rest = value >>> 0; rest > 0; ) {
    const next = (rest / 10) >>> 0;
    to -= 1;
    bytes[to] = ZERO + rest - 10 * next;
    rest = next;
  }
  return end;
}

function putText(bytes: Buffer, at: number, text: string): number {
  if (text.length !== 1) return at + bytes.write(text, at, 'utf8');
  bytes[at] = text.charCodeAt(0);
  return at + 1;
}

function putBytes(bytes: Uint8Array, at: number, source: Uint8Array): number {
  for (let from = 0; from < source.length; from += 1) bytes[at + from] = source[from]!;
  return at + source.length;
}

function digitsOf(value: number): number {
  if (value < 100) return 2;
  if (value < 1_000) return 3;
  if (value < 10_000) return 4;
  let digits = 5;
  for (let limit = 100_000; value >= limit; limit *= 10) digits += 1;
  return digits;
}
