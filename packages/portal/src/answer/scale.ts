/** Edges of the classes of a map, ascending; class `i` is `edges[i] ≤ value < edges[i + 1]`, the last one closed. */
export interface ClassScale {
  readonly edges: readonly number[];
  /** 0-based class of a value; values beyond the edges belong to the outermost classes. */
  classOf(value: number): number;
}

const CLASSES = 5;

/** At most five classes with round edges over the given values; logarithmic where they span more than a factor of 50. */
export function classesOf(values: readonly number[]): ClassScale {
  const positive = values.filter((value) => value > 0);
  const largest = positive.length === 0 ? 1 : Math.max(...positive);
  const smallest = positive.length === 0 ? 0 : Math.min(...positive);
  const edges =
    largest / Math.max(smallest, Number.MIN_VALUE) > 50 ? decades(smallest, largest) : steps(largest);
  return {
    edges,
    classOf: (value) => {
      const above = edges.findIndex((edge) => value < edge);
      return above === -1 ? edges.length - 2 : Math.max(0, above - 1);
    },
  };
}

/** 1, 2, 2.5 or 5 times a power of ten, the next at or above. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return Number((factor * power).toPrecision(6));
}

/** Where a frequency lies on a logarithmic axis from `lowest` (0) to 1 (1). */
export function logShare(value: number, lowest: number): number {
  if (value <= lowest) return 0;
  return Math.min(1, 1 - Math.log10(value) / Math.log10(lowest));
}

/** The power of ten at or below the smallest frequency, at least four decades down. */
export function lowestDecade(frequencies: readonly number[]): number {
  const positive = frequencies.filter((value) => value > 0);
  const smallest = positive.length === 0 ? 1e-4 : Math.min(...positive);
  return 10 ** Math.min(-4, Math.floor(Math.log10(smallest)));
}

function steps(largest: number): number[] {
  const step = roundUp(largest / CLASSES);
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

function decades(smallest: number, largest: number): number[] {
  const from = Math.floor(Math.log10(smallest));
  const to = Math.ceil(Math.log10(largest) + 1e-9);
  const span = Math.max(1, Math.ceil((to - from) / CLASSES));
  const edges: number[] = [];
  for (let power = from; power < to + span; power += span) edges.push(Number((10 ** power).toPrecision(6)));
  return edges;
}
