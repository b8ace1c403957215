import { PatchedRow } from '../variants/patched-row.ts';
import {
  headerLines,
  type RecordEncoder,
  type WrittenCalls,
  type WrittenHeader,
  type WrittenSite,
} from '../variants/written.ts';
import { BCF_TYPE, END_OF_VECTOR, MISSING_FLOAT } from './typed-cursor.ts';

const GT_NUMBER = 1;
/** `(allele + 1) << 1`, phase apart; missing is 0. */
const [REFERENCE, CARRIER, MISSING] = [2, 4, 0];
const ABSENT = END_OF_VECTOR[BCF_TYPE.int8] & 0xff;
const MOST_SHORT = 14;

/** Writes records of BCF 2.2 with GT as their only field: two bytes a sample. */
export class BcfEncoder implements RecordEncoder {
  readonly #header: WrittenHeader;
  readonly #phased: PatchedRow;
  readonly #unphased: PatchedRow;
  #site = Buffer.alloc(1024);

  constructor(header: WrittenHeader) {
    this.#header = header;
    const blank = (second: number) =>
      Buffer.alloc(2 * header.samples.length, Buffer.from([REFERENCE, second]));
    this.#phased = new PatchedRow(blank(REFERENCE | 1));
    this.#unphased = new PatchedRow(blank(REFERENCE));
  }

  header(): Buffer {
    const text = Buffer.from(`${headerLines(this.#header, (number) => `,IDX=${number}`)}\0`, 'utf8');
    const preamble = Buffer.from('BCF\x02\x02\0\0\0\0', 'latin1');
    preamble.writeUInt32LE(text.length, 5);
    return Buffer.concat([preamble, text]);
  }

  record(site: WrittenSite, calls: WrittenCalls): readonly [Uint8Array, Uint8Array] {
    const row = calls.usualPhase === 'all' ? this.#phased : this.#unphased;
    row.restore();
    patch(row, calls);
    return [this.#fixed(site), row.bytes];
  }

  /** All of the record but the genotypes themselves. */
  #fixed({ position, ids, ref, alt }: WrittenSite): Uint8Array {
    const samples = this.#header.samples.length;
    const id = Buffer.from(ids.join(';'), 'utf8');
    const [before, after] = [Buffer.from(ref, 'latin1'), Buffer.from(alt, 'utf8')];
    const needed = 64 + id.length + before.length + after.length;
    if (this.#site.length < needed) this.#site = Buffer.alloc(2 * needed);
    const bytes = this.#site;
    bytes.writeInt32LE(0, 8);
    bytes.writeInt32LE(position, 12);
    bytes.writeInt32LE(ref.length, 16);
    bytes.writeUInt32LE(MISSING_FLOAT, 20);
    bytes.writeUInt16LE(0, 24);
    bytes.writeUInt16LE(2, 26);
    bytes.writeUInt32LE(samples + (samples === 0 ? 0 : 1 << 24), 28);
    let at = 32;
    for (const text of [id, before, after]) at = writeText(bytes, at, text);
    // No filter is known.
    bytes[at] = 0;
    at += 1;
    bytes.writeUInt32LE(at - 8, 0);
    bytes.writeUInt32LE(samples === 0 ? 0 : 3 + 2 * samples, 4);
    if (samples === 0) return bytes.subarray(0, at);
    bytes[at] = 0x10 | BCF_TYPE.int8;
    bytes[at + 1] = GT_NUMBER;
    bytes[at + 2] = 0x20 | BCF_TYPE.int8;
    return bytes.subarray(0, at + 3);
  }
}

function patch(row: PatchedRow, { carriers, missing, absent, usualPhase, unusualPhase }: WrittenCalls): void {
  const phase = usualPhase === 'all' ? 1 : 0;
  for (let i = 0; i < carriers.length; i += 1) row.set(carriers[i]!, CARRIER | (carriers[i]! & phase));
  for (let i = 0; i < missing.length; i += 1) row.set(missing[i]!, MISSING | (missing[i]! & phase));
  for (let i = 0; i < unusualPhase.length; i += 1) {
    const second = 2 * unusualPhase[i]! + 1;
    row.set(second, row.bytes[second]! ^ 1);
  }
  for (let i = 0; i < absent.length; i += 1) row.set(absent[i]!, ABSENT);
}

/** Writes a text behind its descriptor; returns the index behind it. */
function writeText(bytes: Buffer, start: number, text: Buffer): number {
  let at = start;
  if (text.length <= MOST_SHORT) {
    bytes[at] = (text.length << 4) | BCF_TYPE.char;
    at += 1;
  } else {
    bytes[at] = 0xf0 | BCF_TYPE.char;
    bytes[at + 1] = 0x10 | BCF_TYPE.int32;
    bytes.writeInt32LE(text.length, at + 2);
    at += 6;
  }
  text.copy(bytes, at);
  return at + text.length;
}
