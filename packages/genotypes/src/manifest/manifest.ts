import type { Assembly } from '@federome/core';
import type { AbsentPolicy } from '../api.ts';
import type { FileOnDisk } from '../at-rest/stored-file.ts';
import type { CallabilityEntry } from '../callability/format.ts';
import type { Section } from '../segments/section.ts';
import type { SegmentEntry } from '../segments/segment.ts';

export const MANIFEST = 'manifest';

/** A block of people; their names are in a file of their own, which never changes. */
export interface BlockEntry {
  readonly people: {
    readonly file: string;
    readonly bytes: number;
    readonly crc: number;
    readonly count: number;
    readonly stored: FileOnDisk;
  };
  /** Whether the people came with a file of genotypes, or are known by their records only. */
  readonly genotyped: boolean;
  /** Contigs for which genotypes of this block were ingested. */
  readonly contigs: readonly string[];
  /** Places whose people have moved to a block with genotypes; only where there are none here. */
  readonly moved: readonly number[];
}

/** An input file that was acknowledged. */
export interface IngestedFile {
  readonly sha256: string;
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  readonly variants: number;
  readonly samples: number;
}

/** A file whose content is one section. */
export interface TallyFile extends Section {
  readonly file: string;
  readonly stored: FileOnDisk;
}

/** Counts of groups of people that lie beside the segments. */
export interface TallyEntry {
  /** Names of the groups, in the order of their counts. */
  readonly groups: readonly string[];
  /** Who is in each group. */
  readonly people: TallyFile;
  /** The counts of a segment, by its file. Those of the others have to be made from genotypes. */
  readonly counts: Readonly<Record<string, TallyFile>>;
}

/** What exists: whatever it does not name is not there. */
export interface Manifest {
  /** Given when the store is made and never again: another one is another store, though it may lie in the same place. */
  readonly store: string;
  /** Grows by one with every change. */
  readonly generation: number;
  /** Grows whenever people get other numbers than they had; 0 unless given. */
  readonly numbering?: number;
  readonly assembly: Assembly;
  readonly absent: AbsentPolicy;
  readonly variants: number;
  readonly blocks: readonly BlockEntry[];
  readonly files: readonly IngestedFile[];
  readonly segments: readonly SegmentEntry[];
  readonly tally?: TallyEntry;
  /** Where people were called, for the blocks and contigs of which their files say so; at most one for each. */
  readonly callability?: readonly CallabilityEntry[];
}

/** Every file that a manifest names, and how it lies on the disk. */
export function filesOf({
  blocks,
  segments,
  tally,
  callability = [],
}: Manifest): readonly (FileOnDisk & { readonly file: string })[] {
  const counts = tally === undefined ? [] : [tally.people, ...Object.values(tally.counts)];
  const files = [...blocks.map(({ people }) => people), ...segments, ...callability, ...counts];
  return files.map(({ file, stored }) => ({ file, ...stored }));
}
