import type { Edition, StudyName } from '../data/studies.ts';
import { compareStudy } from './compare.ts';
import { cohortCounts, geneCounts } from './latency.ts';
import { machineLimits } from './limits.ts';
import type { Bench, Findings } from './part.ts';
import { pointQueries } from './point.ts';
import { sealedStore } from './sealed.ts';

/** A part of the protocol; parts can be run apart. */
export interface Part {
  readonly name: string;
  /** About how long it takes, its study included. */
  readonly seconds: Readonly<Record<Edition, number>>;
  run(bench: Bench): Promise<Findings>;
}

function comparison(name: StudyName, full: number, small: number): Part {
  return { name, seconds: { full, small }, run: (bench) => compareStudy(bench, name) };
}

/** All parts in their order. */
export const PARTS: readonly Part[] = [
  { name: 'limits', seconds: { full: 40, small: 12 }, run: machineLimits },
  comparison('10k', 150, 12),
  comparison('100k', 600, 12),
  comparison('1m', 620, 40),
  comparison('10k-rich', 120, 8),
  comparison('10k-unphased', 35, 5),
  comparison('10k-multiallelic', 35, 5),
  comparison('10k-missing-0.1', 35, 5),
  comparison('10k-missing-1', 40, 5),
  { name: 'point', seconds: { full: 110, small: 12 }, run: pointQueries },
  { name: 'cohort', seconds: { full: 60, small: 12 }, run: cohortCounts },
  { name: 'encrypted', seconds: { full: 60, small: 8 }, run: sealedStore },
  { name: 'gene', seconds: { full: 330, small: 20 }, run: geneCounts },
];

/** The parts that a comma-separated list names, in the order of the protocol; all without one; `undefined` where it names none. */
export function partsOf(only: string | undefined): readonly Part[] | undefined {
  if (only === undefined) return PARTS;
  const wanted = only.split(',').filter((name) => name !== '');
  if (wanted.some((name) => !PARTS.some((part) => part.name === name))) return undefined;
  return PARTS.filter((part) => wanted.includes(part.name));
}
