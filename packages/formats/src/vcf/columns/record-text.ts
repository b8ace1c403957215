const TAB = 9;
const COLON = 58;
const SEMICOLON = 59;
const ZERO = 48;

/** The line of a record, for what is asked of it rarely: read when asked, checked before by the columns' own readers. */
export class RecordText {
  #bytes: Uint8Array = new Uint8Array(0);
  #info = 0;
  #infoEnd = 0;
  #end = 0;

  /** INFO is `bytes[info … infoEnd)`, and the line ends at `end`, or at the end of the fixed columns where it has no samples. */
  set(bytes: Uint8Array, info: number, infoEnd: number, end: number): void {
    this.#bytes = bytes;
    this.#info = info;
    this.#infoEnd = infoEnd;
    this.#end = end;
  }

  /** The number behind `END=` in INFO. */
  infoEnd(): number | undefined {
    const bytes = this.#bytes;
    for (let at = this.#info; at < this.#infoEnd; at += 1) {
      // `END=`
      if (bytes[at] === 69 && bytes[at + 1] === 78 && bytes[at + 2] === 68 && bytes[at + 3] === 61) {
        let value = 0;
        let digit = at + 4;
        for (; digit < this.#infoEnd && bytes[digit] !== SEMICOLON; digit += 1)
          value = 10 * value + bytes[digit]! - ZERO;
        return digit > at + 4 && value >= 0 ? value : undefined;
      }
      while (at < this.#infoEnd && bytes[at] !== SEMICOLON) at += 1;
    }
    return undefined;
  }

  /** What a sample has in a field of FORMAT; `undefined` where FORMAT has no such key or the sample ends before it. */
  sampleField(sample: number, key: string): string | undefined {
    const format = this.#infoEnd + 1;
    const formatEnd = this.#indexOf(TAB, format);
    const place = this.#text(format, formatEnd).split(':').indexOf(key);
    if (place < 0) return undefined;
    let start = formatEnd + 1;
    for (let skipped = 0; skipped < sample; skipped += 1) start = this.#indexOf(TAB, start) + 1;
    const end = this.#indexOf(TAB, start);
    for (let skipped = 0; skipped < place; skipped += 1) {
      start = this.#indexOf(COLON, start) + 1;
      if (start > end) return undefined;
    }
    return this.#text(start, Math.min(end, this.#indexOf(COLON, start)));
  }

  #indexOf(byte: number, start: number): number {
    const found = this.#bytes.subarray(start, this.#end).indexOf(byte);
    return found < 0 ? this.#end : start + found;
  }

  #text(start: number, end: number): string {
    return String.fromCharCode(...this.#bytes.subarray(start, end));
  }
}
