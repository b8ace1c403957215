/** A column of 32-bit numbers that grows. */
export class GrowingColumn {
  #values = new Uint32Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const longer = new Uint32Array(2 * this.length);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.length++] = value;
  }

  /** The value of a row that was pushed. */
  at(row: number): number {
    return this.#values[row]!;
  }

  /** What was pushed; void after the next push. */
  get values(): Uint32Array {
    return this.#values.subarray(0, this.length);
  }
}
