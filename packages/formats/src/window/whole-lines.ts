import type { TextSpan, TextWindow } from './text-window.ts';

const NEWLINE = 10;

/** The lines of a window's text, some whole ones at a time. */
export class WholeLines {
  readonly window: TextWindow;
  #span: TextSpan | undefined;
  #end = 0;

  constructor(window: TextWindow) {
    this.window = window;
  }

  /**
   * The next span of whole lines: it ends behind a newline, and voids the span before. `undefined` at the end of the
   * file; what then follows the last newline is `unfinished`.
   */
  async next(): Promise<TextSpan | undefined> {
    let searched = this.#span === undefined ? 0 : this.#span.end - this.#end;
    for (;;) {
      const span = await this.window.next(this.#span === undefined ? undefined : this.#end);
      if (span === undefined) return undefined;
      this.#span = span;
      this.#end = span.start;
      const newline = this.window.memory.bytes.subarray(span.start + searched, span.end).lastIndexOf(NEWLINE);
      if (newline >= 0) {
        this.#end = span.start + searched + newline + 1;
        return { start: span.start, end: this.#end };
      }
      searched = span.end - span.start;
    }
  }

  /** What follows the last newline given; at the end of the file a line that lacks its own. */
  get unfinished(): TextSpan {
    return { start: this.#end, end: this.#span?.end ?? this.#end };
  }
}
