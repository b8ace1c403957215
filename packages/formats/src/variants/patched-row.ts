/** Bytes that are the same in every record but for a few, which are set for one and set back for the next. */
export class PatchedRow {
  readonly bytes: Uint8Array;
  readonly #blank: Uint8Array;
  #patched = new Uint32Array(1024);
  #count = 0;

  constructor(blank: Uint8Array) {
    this.#blank = blank;
    this.bytes = new Uint8Array(blank);
  }

  set(offset: number, value: number): void {
    if (this.#count === this.#patched.length) {
      const longer = new Uint32Array(2 * this.#count);
      longer.set(this.#patched);
      this.#patched = longer;
    }
    this.#patched[this.#count] = offset;
    this.#count += 1;
    this.bytes[offset] = value;
  }

  restore(): void {
    const blank = this.#blank;
    // Beyond this many single bytes a copy of everything is faster.
    if (this.#count > blank.length >> 3) this.bytes.set(blank);
    else {
      for (let patch = 0; patch < this.#count; patch += 1) {
        const offset = this.#patched[patch]!;
        this.bytes[offset] = blank[offset]!;
      }
    }
    this.#count = 0;
  }
}
