import type { ScanKernels } from './scan-kernels.ts';
import { ScanListWriter } from './scan-lists.ts';
import type { TextMemory } from './text-memory.ts';

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const POINT = 46;
const SLASH = 47;
const ZERO = 48;
const COLON = 58;
const BAR = 124;
const MOST_ALLELES = 32_767;
/** What `#allele` gives for an allele that was not called, and for what is none. */
const NOT_CALLED = -1;
const NO_ALLELE = -2;

/** The scan kernels in plain TypeScript: what the WASM ones are checked against, and what serves where those were not built. */
export function scalarScanKernels(memory: TextMemory): ScanKernels {
  return new ScalarScan(memory);
}

class ScalarScan implements ScanKernels {
  readonly name = 'scalar';
  readonly #memory: TextMemory;
  #bytes: Uint8Array = new Uint8Array(0);
  #highest = 0;
  /** What may end a genotype besides a tab and the line's end. */
  #fieldEnd = TAB;
  /** Behind the genotype that was read last. */
  #at = 0;

  constructor(memory: TextMemory) {
    this.#memory = memory;
  }

  newlineAt(start: number, end: number): number {
    const found = this.#memory.bytes.subarray(start, end).indexOf(NEWLINE);
    return found < 0 ? end : start + found;
  }

  scanFixed(start: number, samples: number, highest: number, lists: number): number {
    const bytes = this.#open(highest);
    const writer = new ScanListWriter(this.#memory, lists, bytes[start + 1] === BAR);
    for (let sample = 0, at = start; sample < samples; sample += 1, at += 4) {
      if (!this.#genotype(at, sample, writer) || this.#at !== at + 3) return 0;
      if (sample + 1 < samples && bytes[at + 3] !== TAB) return 0;
    }
    writer.finish();
    return 1;
  }

  scanColumns(
    start: number,
    end: number,
    samples: number,
    highest: number,
    more: number,
    lists: number,
  ): number {
    const bytes = this.#open(highest);
    this.#fieldEnd = more === 0 ? TAB : COLON;
    const writer = new ScanListWriter(this.#memory, lists, bytes[start + 1] !== SLASH);
    let at = start;
    for (let sample = 0; sample < samples; sample += 1) {
      if (!this.#genotype(at, sample, writer)) return 0;
      at = this.#at;
      while (at < end && bytes[at] !== TAB && bytes[at] !== NEWLINE) {
        if (bytes[at] === RETURN && bytes[at + 1] !== NEWLINE) return 0;
        at += 1;
      }
      if ((bytes[at] === NEWLINE) !== (sample + 1 === samples)) return 0;
      if (bytes[at] === TAB) at += 1;
    }
    writer.finish();
    return at;
  }

  #open(highest: number): Uint8Array {
    this.#bytes = this.#memory.bytes;
    this.#highest = highest;
    return this.#bytes;
  }

  #genotype(start: number, sample: number, writer: ScanListWriter): boolean {
    const bytes = this.#bytes;
    const first = this.#allele(start);
    const separator = bytes[this.#at]!;
    if (separator !== BAR && separator !== SLASH) {
      if (first === NO_ALLELE || !this.#ends()) return false;
      take(writer, 2 * sample, first);
      writer.lacking(2 * sample + 1);
      writer.phased(sample, true);
      return true;
    }
    const second = this.#allele(this.#at + 1);
    if (first === NO_ALLELE || second === NO_ALLELE || !this.#ends()) return false;
    take(writer, 2 * sample, first);
    take(writer, 2 * sample + 1, second);
    writer.phased(sample, separator === BAR);
    return true;
  }

  #allele(start: number): number {
    const bytes = this.#bytes;
    this.#at = start;
    if (bytes[start] === POINT) {
      this.#at += 1;
      return NOT_CALLED;
    }
    let allele = 0;
    for (; allele <= MOST_ALLELES; this.#at += 1) {
      const digit = bytes[this.#at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      allele = allele * 10 + digit;
    }
    return this.#at === start || allele > this.#highest || allele > MOST_ALLELES ? NO_ALLELE : allele;
  }

  /** Whether a genotype may end where it was read to. */
  #ends(): boolean {
    const byte = this.#bytes[this.#at];
    if (byte === this.#fieldEnd || byte === TAB || byte === NEWLINE) return true;
    return byte === RETURN && this.#bytes[this.#at + 1] === NEWLINE;
  }
}

function take(writer: ScanListWriter, haplotype: number, allele: number): void {
  if (allele > 0) writer.carried(haplotype, allele);
  else if (allele === NOT_CALLED) writer.notCalled(haplotype);
}
