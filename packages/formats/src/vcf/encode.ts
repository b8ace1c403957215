import { PatchedRow } from '../variants/patched-row.ts';
import {
  headerLines,
  type RecordEncoder,
  type WrittenCalls,
  type WrittenHeader,
  type WrittenSite,
} from '../variants/written.ts';

const [TAB, NEWLINE, POINT, SLASH, ZERO, ONE, BAR] = [9, 10, 46, 47, 48, 49, 124];
const NOBODY = new Uint32Array(0);

/** A row of reference genotypes: everyone diploid but for those of `absent`, who have one copy. */
interface BlankRow {
  readonly absent: Uint32Array;
  readonly row: PatchedRow;
  /** Where each sample starts; `undefined` where all have four bytes. */
  readonly starts: Uint32Array | undefined;
}

/** Writes records of VCF 4.3 with GT as their only field. */
export class VcfEncoder implements RecordEncoder {
  readonly #header: WrittenHeader;
  readonly #phased: RowOfText;
  readonly #unphased: RowOfText;

  constructor(header: WrittenHeader) {
    this.#header = header;
    this.#phased = new RowOfText(header.samples.length, BAR);
    this.#unphased = new RowOfText(header.samples.length, SLASH);
  }

  header(): Buffer {
    return Buffer.from(
      headerLines(this.#header, () => ''),
      'utf8',
    );
  }

  record({ position, ids, ref, alt }: WrittenSite, calls: WrittenCalls): readonly [Uint8Array, Uint8Array] {
    const { contig, samples } = this.#header;
    const site = `${contig}\t${position + 1}\t${ids.length === 0 ? '.' : ids.join(';')}\t${ref}\t${alt}\t.\t.\t.`;
    if (samples.length === 0) return [Buffer.from(`${site}\n`, 'utf8'), NO_GENOTYPES];
    const row = calls.usualPhase === 'all' ? this.#phased : this.#unphased;
    return [Buffer.from(`${site}\tGT\t`, 'utf8'), row.write(calls)];
  }
}

const NO_GENOTYPES = new Uint8Array(0);

class RowOfText {
  readonly #samples: number;
  readonly #separator: number;
  #blank: BlankRow | undefined;

  constructor(samples: number, separator: number) {
    this.#samples = samples;
    this.#separator = separator;
  }

  write({ carriers, missing, absent, unusualPhase }: WrittenCalls): Uint8Array {
    const { row, starts } = this.#blankFor(absent);
    patchAlleles(row, starts, carriers, ONE);
    patchAlleles(row, starts, missing, POINT);
    patchPhase(row, starts, unusualPhase);
    return row.bytes;
  }

  /** The row for people with these copies, without what the record before it had. */
  #blankFor(absent: Uint32Array): BlankRow {
    const known = this.#blank;
    if (known !== undefined && equal(known.absent, absent)) {
      known.row.restore();
      return known;
    }
    const blank = absent.length === 0 ? this.#diploid() : this.#mixed(absent.slice());
    this.#blank = blank;
    return blank;
  }

  #diploid(): BlankRow {
    const bytes = Buffer.alloc(4 * this.#samples, Buffer.from([ZERO, this.#separator, ZERO, TAB]));
    bytes[bytes.length - 1] = NEWLINE;
    return { absent: NOBODY, row: new PatchedRow(bytes), starts: undefined };
  }

  #mixed(absent: Uint32Array): BlankRow {
    const haploid = new Uint8Array(this.#samples);
    for (const haplotype of absent) haploid[haplotype >> 1] = 1;
    const bytes = new Uint8Array(4 * this.#samples);
    const starts = new Uint32Array(this.#samples);
    let at = 0;
    for (let place = 0; place < this.#samples; place += 1) {
      starts[place] = at;
      bytes[at] = ZERO;
      at += 1;
      if (haploid[place] === 0) {
        bytes[at] = this.#separator;
        bytes[at + 1] = ZERO;
        at += 2;
      }
      bytes[at] = TAB;
      at += 1;
    }
    bytes[at - 1] = NEWLINE;
    return { absent, row: new PatchedRow(bytes.slice(0, at)), starts };
  }
}

function patchAlleles(
  row: PatchedRow,
  starts: Uint32Array | undefined,
  haplotypes: Uint32Array,
  allele: number,
): void {
  if (starts === undefined) {
    for (let i = 0; i < haplotypes.length; i += 1) row.set(2 * haplotypes[i]!, allele);
    return;
  }
  for (let i = 0; i < haplotypes.length; i += 1) {
    const haplotype = haplotypes[i]!;
    row.set(starts[haplotype >> 1]! + 2 * (haplotype & 1), allele);
  }
}

function patchPhase(row: PatchedRow, starts: Uint32Array | undefined, places: Uint32Array): void {
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i]!;
    const at = (starts === undefined ? 4 * place : starts[place]!) + 1;
    const separator = row.bytes[at];
    if (separator === SLASH || separator === BAR) row.set(at, separator ^ SLASH ^ BAR);
  }
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
