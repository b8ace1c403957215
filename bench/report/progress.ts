/** Says on standard error what is being done and about how long the rest takes. */
export class Progress {
  readonly #expected: readonly number[];
  readonly #started = performance.now();
  #done = 0;
  #part = '';

  /** `expectedSeconds` of each part, in order. */
  constructor(expectedSeconds: readonly number[]) {
    this.#expected = expectedSeconds;
  }

  begin(part: string): void {
    this.#part = part;
  }

  say(what: string): void {
    console.error(
      `[${this.#done + 1}/${this.#expected.length} ${this.#part}] ${what} (${this.#remaining()})`,
    );
  }

  finish(part: string, checked: readonly string[]): void {
    this.#done += 1;
    const equal = checked.length === 0 ? '' : `; equal to the truth: ${checked.join(', ')}`;
    console.error(`[${this.#done}/${this.#expected.length} ${part}] done${equal}`);
  }

  #remaining(): string {
    const sum = (of: readonly number[]): number => of.reduce((all, seconds) => all + seconds, 0);
    const elapsed = (performance.now() - this.#started) / 1_000;
    const before = sum(this.#expected.slice(0, this.#done));
    // Once a tenth is done, the machine's own pace corrects what was expected.
    const pace = this.#done > 0 && before > sum(this.#expected) / 10 ? elapsed / before : 1;
    const left = Math.max(
      sum(this.#expected) * pace - elapsed,
      sum(this.#expected.slice(this.#done + 1)) * pace,
    );
    return left < 90 ? `about ${Math.ceil(left)} s left` : `about ${Math.ceil(left / 60)} min left`;
  }
}
