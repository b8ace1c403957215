const REDRAW_MS = 100;
const SHORTEST_LABEL = 12;

export interface Step {
  /** What is being worked on, e.g. a file's name. */
  readonly label: string;
  readonly done: number;
  /** Of the same unit as `done`; unknown where omitted. */
  readonly total?: number | undefined;
  /** Shown after the rate, e.g. `12,000 variants`. */
  readonly note?: string | undefined;
}

/** A line on standard error that keeps itself up to date; silent where standard error is no terminal. */
export class Progress {
  readonly #unit: (amount: number) => string;
  readonly #stream: NodeJS.WriteStream;
  #label: string | undefined;
  #startedMs = 0;
  #drawnMs = 0;
  #drawn = false;

  constructor(unit: (amount: number) => string, stream: NodeJS.WriteStream = process.stderr) {
    this.#unit = unit;
    this.#stream = stream;
  }

  update(step: Step): void {
    if (!this.#stream.isTTY) return;
    const now = performance.now();
    if (step.label !== this.#label) {
      this.#label = step.label;
      this.#startedMs = now;
    } else if (now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    this.#drawn = true;
    // A terminal that does not know its width says 0.
    const width = Math.max(20, (this.#stream.columns || 80) - 1);
    this.#stream.write(`\r\u001b[K${progressLine(step, (now - this.#startedMs) / 1_000, this.#unit, width)}`);
  }

  /** Clears the line, so that the next output stands alone. */
  clear(): void {
    if (this.#drawn) this.#stream.write('\r\u001b[K');
    this.#drawn = false;
  }
}

/**
 * `calls.vcf.gz  45 %  12.3 MB/s  00:12 left  3,450 variants`, at most `width` long: a long label loses its beginning,
 * which of a path says least, then the line its end.
 */
export function progressLine(
  step: Step,
  seconds: number,
  unit: (amount: number) => string,
  width = Number.POSITIVE_INFINITY,
): string {
  const { done, total, note, label } = step;
  const rate = seconds > 0 ? done / seconds : 0;
  const parts: string[] = [];
  if (total !== undefined && total > 0) parts.push(`${Math.floor((100 * Math.min(done, total)) / total)} %`);
  else parts.push(unit(done));
  if (rate > 0) parts.push(`${unit(rate)}/s`);
  if (rate > 0 && total !== undefined && seconds >= 1) {
    parts.push(`${clock(Math.max(0, total - done) / rate)} left`);
  }
  if (note !== undefined) parts.push(note);
  const rest = `  ${parts.join('  ')}`;
  const room = Math.max(SHORTEST_LABEL, width - rest.length);
  const shown = label.length > room ? `…${label.slice(label.length - room + 1)}` : label;
  return `${shown}${rest}`.slice(0, width).trimEnd();
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function countOf(noun: string): (amount: number) => string {
  return (amount) => `${Math.round(amount).toLocaleString('en')} ${noun}`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
