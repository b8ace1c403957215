import { PAGE_BYTES } from './format.ts';
import { packSection, type Section } from './section.ts';

/** Growing bytes, zero where nothing was written. */
export class PayloadBuffer {
  #bytes = new Uint8Array(16_384);
  length = 0;

  /** Takes room for that many bytes and returns where it begins. */
  take(length: number): number {
    const offset = this.length;
    this.length += length;
    if (this.length > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(2 * this.#bytes.length, this.length));
      longer.set(this.#bytes.subarray(0, offset));
      this.#bytes = longer;
    }
    return offset;
  }

  /** What `take` reserved; void after the next `take`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  slice(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  /** Takes back what was taken from there on. */
  truncate(length: number): void {
    this.#bytes.fill(0, length, this.length);
    this.length = length;
  }
}

/** Gathers payloads in order into pages of at most `PAGE_BYTES`, each a section by itself. No payload straddles pages. */
export class PageWriter {
  readonly sections: Section[] = [];
  readonly stored: Uint8Array[] = [];
  readonly #compress: boolean;
  #page = new Uint8Array(PAGE_BYTES);
  #bytes = 0;

  /** Rice codes are not worth a try to compress them. */
  constructor(compress: boolean) {
    this.#compress = compress;
  }

  /** Adds bytes `[from, from + length)`. */
  add(bytes: Uint8Array, from: number, length: number): void {
    if (this.#bytes + length > PAGE_BYTES) this.finish();
    const page = this.#page;
    if (length < 64) for (let i = 0; i < length; i += 1) page[this.#bytes + i] = bytes[from + i]!;
    else page.set(bytes.subarray(from, from + length), this.#bytes);
    this.#bytes += length;
  }

  finish(): void {
    if (this.#bytes === 0) return;
    const { section, bytes } = packSection(this.#page.slice(0, this.#bytes), this.#compress);
    this.sections.push(section);
    this.stored.push(bytes);
    this.#bytes = 0;
  }

  get storedBytes(): number {
    return this.sections.reduce((sum, page) => sum + page.storedBytes, 0);
  }
}

/** Stored bytes, unpacked bytes and CRC-32 of every section. */
export function sectionColumns(sections: readonly Section[]): [Uint32Array, Uint32Array, Uint32Array] {
  return [
    Uint32Array.from(sections, (section) => section.storedBytes),
    Uint32Array.from(sections, (section) => section.rawBytes),
    Uint32Array.from(sections, (section) => section.crc),
  ];
}
