/** Says on standard error what is being done and about how long the rest takes. */
export class Progress {
  readonly #expected: readonly number[];
  readonly #started = performance.now();
  #done = 0;
  #part = '';
  #pace = 1;
  #begun = 0;

  /** `expectedSeconds` of each part, in order. */
  constructor(expectedSeconds: readonly number[]) {
    this.#expected = expectedSeconds;
  }

  begin(part: string): void {
    this.#part = part;
    this.#begun = this.#elapsed();
  }

  say(what: string): void {
    console.error(
      `[${this.#done + 1}/${this.#expected.length} ${this.#part}] ${what} (${this.#remaining()})`,
    );
  }

  finish(part: string, checked: readonly string[]): void {
    this.#done += 1;
    const expected = sum(this.#expected.slice(0, this.#done));
    // Once a tenth is done, the machine's own pace corrects what was expected.
    if (expected > sum(this.#expected) / 10) this.#pace = this.#elapsed() / expected;
    const equal = checked.length === 0 ? '' : `; equal to the truth: ${checked.join(', ')}`;
    console.error(`[${this.#done}/${this.#expected.length} ${part}] done${equal}`);
  }

  #remaining(): string {
    const current = (this.#expected[this.#done] ?? 0) * this.#pace - (this.#elapsed() - this.#begun);
    const left = Math.max(current, 1) + sum(this.#expected.slice(this.#done + 1)) * this.#pace;
    return left < 90 ? `about ${Math.ceil(left)} s left` : `about ${Math.ceil(left / 60)} min left`;
  }

  #elapsed(): number {
    return (performance.now() - this.#started) / 1_000;
  }
}

function sum(seconds: readonly number[]): number {
  return seconds.reduce((all, own) => all + own, 0);
}
