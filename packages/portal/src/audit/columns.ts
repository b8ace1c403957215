import { ACCESS_LEVELS, type AccessLevel } from '@federome/core';
import type { Bucket } from './audit.ts';

/** What a column of the plot is made of, from below. */
export const PARTS = [...ACCESS_LEVELS, 'refused'] as const;
export type Part = AccessLevel | 'refused';

/** A day of the plot: how many questions of each part. */
export interface Column {
  /** `2026-01-31`. */
  readonly day: string;
  readonly parts: Readonly<Record<Part, number>>;
  readonly total: number;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 90;

/** One column a day from the first bucket to the last, days without any included; the last 90 at most. */
export function columnsOf(buckets: readonly Bucket[]): readonly Column[] {
  const days = buckets.map(({ from }) => Date.parse(from)).filter((at) => !Number.isNaN(at));
  if (days.length === 0) return [];
  const last = Math.max(...days);
  const first = Math.max(Math.min(...days), last - (MOST_DAYS - 1) * DAY_MS);
  return Array.from({ length: Math.round((last - first) / DAY_MS) + 1 }, (_, at) => {
    const day = new Date(first + at * DAY_MS).toISOString().slice(0, 10);
    return columnOf(
      day,
      buckets.filter(({ from }) => from === day),
    );
  });
}

function columnOf(day: string, buckets: readonly Bucket[]): Column {
  const parts = { public: 0, registered: 0, controlled: 0, refused: 0 };
  for (const { level, decision, events } of buckets)
    parts[decision === 'refused' ? 'refused' : level] += events;
  return { day, parts, total: PARTS.reduce((sum, part) => sum + parts[part], 0) };
}
