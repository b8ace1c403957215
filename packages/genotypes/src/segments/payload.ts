import { PAGE_BYTES } from './format.ts';
import { type EncodedSet, setBytes, writeSet } from './haplotype-set.ts';
import { packSection, type Section } from './section.ts';

/** Growing bytes of encoded sets, each at an even offset. */
export class PayloadBuffer {
  #bytes = new Uint8Array(16_384);
  length = 0;

  append(set: EncodedSet, haplotypes: Uint16Array, people: number, planeBytes: number): number {
    const offset = this.length;
    const length = setBytes(set.kind, set.units, planeBytes);
    if (offset + length > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(2 * this.#bytes.length, offset + length));
      longer.set(this.#bytes.subarray(0, offset));
      this.#bytes = longer;
    }
    this.length += length;
    if (length > 0) writeSet(set, haplotypes, people, planeBytes, this.#bytes, offset);
    return offset;
  }

  slice(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  /** Takes back what was appended from there on. */
  truncate(length: number): void {
    this.#bytes.fill(0, length, this.length);
    this.length = length;
  }
}

/** Gathers payloads in the order of their sites into pages, each compressed and checksummed by itself. */
export class PageWriter {
  readonly sections: Section[] = [];
  readonly stored: Uint8Array[] = [];
  #parts: Uint8Array[] = [];
  #bytes = 0;

  add(payload: Uint8Array): void {
    this.#parts.push(payload);
    this.#bytes += payload.length;
    if (this.#bytes >= PAGE_BYTES) this.finish();
  }

  finish(): void {
    if (this.#bytes === 0) return;
    const { section, bytes } = packSection(Buffer.concat(this.#parts));
    this.sections.push(section);
    this.stored.push(bytes);
    this.#parts = [];
    this.#bytes = 0;
  }

  /** Stored bytes, unpacked bytes and CRC-32 of every page. */
  columns(): [Uint32Array, Uint32Array, Uint32Array] {
    return [
      Uint32Array.from(this.sections, (page) => page.storedBytes),
      Uint32Array.from(this.sections, (page) => page.rawBytes),
      Uint32Array.from(this.sections, (page) => page.crc),
    ];
  }
}
