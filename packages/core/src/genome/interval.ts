import { CoreError } from '../errors.ts';

/** A stretch of a contig; 0-based, half-open: `start` is in, `end` is out. */
export interface Interval {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `22`, `22:16050000` or `22:16,050,000-16,060,000` (1-based, both ends in, as people and htslib write it).
 * Without a range the interval runs to `Number.MAX_SAFE_INTEGER`.
 */
export function parseRegion(text: string): Interval {
  const match = /^([^:\s]+)(?::([\d,]+)(?:-([\d,]+))?)?$/.exec(text.trim());
  const contig = match?.[1];
  if (match === null || contig === undefined) throw badRegion(text);
  if (match[2] === undefined) return { contig, start: 0, end: Number.MAX_SAFE_INTEGER };
  const first = Number(match[2].replaceAll(',', ''));
  const last = match[3] === undefined ? first : Number(match[3].replaceAll(',', ''));
  if (first < 1 || last < first) throw badRegion(text);
  return { contig, start: first - 1, end: last };
}

/** Whether two intervals share at least one base. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.contig === b.contig && a.start < b.end && b.start < a.end;
}

function badRegion(text: string): CoreError {
  return new CoreError(
    'core/bad-interval',
    `'${text}' is not a region: expected CONTIG, CONTIG:POS or CONTIG:FROM-TO (1-based)`,
  );
}
