import type { Study } from '../data/have-study.ts';
import type { Edition, StudyName } from '../data/studies.ts';
import type { StorePrograms } from '../programs/store.ts';
import type { Latencies } from '../run/latency.ts';
import type { Run } from '../run/measure.ts';

/** What a part of the protocol found; kept as JSON, so that a table can be made of several runs of one commit. */
export interface PartResult {
  readonly part: string;
  readonly edition: Edition;
  /** The commit measured; ends in `+` where files were changed since. */
  readonly commit: string;
  readonly study: { readonly people: number; readonly sites: number; readonly textBytes: number } | undefined;
  /** Interleaved runs by the name of the task. */
  readonly tasks: Readonly<Record<string, readonly Run[]>>;
  readonly bytes: Readonly<Record<string, number>>;
  readonly latencies: Latencies;
  /** What the machine can do, by name, in GB/s or (for starts) seconds of CPU. */
  readonly limits: Readonly<Record<string, number>>;
  /** What was held to the truth. */
  readonly checked: readonly string[];
}

/** What a part found beyond its name and edition. */
export type Findings = Partial<Omit<PartResult, 'part' | 'edition' | 'commit'>>;

/** What parts share while the benchmark runs. */
export interface Bench {
  readonly edition: Edition;
  readonly repeats: number;
  /** A directory for what is made on the way. */
  readonly work: string;
  readonly store: StorePrograms;
  study(name: StudyName): Promise<Study>;
  /** A store of the study, taken in by this run. */
  storeOf(name: StudyName): Promise<string>;
  /** Says what is being done. */
  say(what: string): void;
}

export function studyFacts({ shape, textBytes }: Study): NonNullable<PartResult['study']> {
  return { people: shape.people, sites: shape.sites, textBytes };
}
