import type { AlleleCounts, Assembly, Interval, PeopleSet, Variant } from '@federome/core';

/** How a variant that a block's files do not list is read, where those files cover its contig. */
export type AbsentPolicy = 'reference' | 'missing';

/** Up to 32,768 people who came together; person number = index × 32,768 + place in `samples`. */
export interface PeopleBlock {
  readonly index: number;
  readonly people: number;
  /** Their names, read when they are asked for. */
  readonly samples: readonly string[];
  /** Contigs for which a file of genotypes was ingested; empty for people who are known by their records only. */
  readonly contigs: readonly string[];
}

/** How far the ingest of a file has come; bytes are those of the file as it is, compressed or not. */
export interface IngestProgress {
  readonly file: string;
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly records: number;
}

/** How a file is ingested. */
export interface IngestOptions {
  /** FASTA (with or without .fai): REF is checked against it and indels are left-aligned. */
  readonly reference?: string | undefined;
  readonly onProgress?: ((progress: IngestProgress) => void) | undefined;
  /** Threads that inflate a large BGZF file, the caller's included; those of the store's options unless given. */
  readonly threads?: number | undefined;
}

/** What became of a file; it is acknowledged when this is returned. */
export interface IngestReport {
  readonly file: string;
  /** `already-ingested`: the same bytes were acknowledged before, and nothing was done. */
  readonly outcome: 'ingested' | 'already-ingested';
  readonly samples: number;
  readonly newSamples: number;
  readonly records: number;
  readonly variants: number;
}

/** A site as stored: the normalised variant, and how the file wrote it. */
export interface Site {
  readonly variant: Variant;
  readonly ids: readonly string[];
  /** 0-based position, REF and the ALT column as the file has them. */
  readonly original: { readonly position: number; readonly ref: string; readonly alts: readonly string[] };
}

/** A site and its counts. */
export interface SiteCounts {
  readonly site: Site;
  /** One for each cohort asked for, in their order. */
  readonly counts: readonly AlleleCounts[];
}

/** Counts of sites that follow each other on a contig, in columns; valid until the next batch is asked for. */
export interface CountBatch {
  readonly contig: string;
  /** Number of sites, and of cohorts. */
  readonly size: number;
  readonly cohorts: number;
  /** 0-based. */
  readonly positions: Int32Array;
  /** Of each cohort five columns: ac, an, hom, hemi, missing (see `AlleleCounts`; `countsAt` reads them). Not to be written to. */
  readonly counts: readonly Uint32Array[];
  alleles(at: number): { readonly ref: string; readonly alt: string };
  site(at: number): Site;
}

/** What a `GenotypeStore` (store.ts) answers. All sets of people are over this store's person numbers. */
export interface GenotypeQueries {
  readonly assembly: Assembly;
  readonly absent: AbsentPolicy;
  /** Changes whenever what the store answers changes (an ingest by any process). */
  readonly version: number;
  /** Changes whenever people get other numbers than they had. */
  readonly numbering: number;
  blocks(): readonly PeopleBlock[];
  /** Everyone, with genotypes or without. */
  everyone(): PeopleSet;
  /** Everyone with genotypes on that contig (any contig if omitted). */
  genotyped(contig?: string): PeopleSet;
  personOf(sample: string): number | undefined;
  sampleOf(person: number): string | undefined;
  contigs(): readonly string[];
  /** Number of distinct variants stored. */
  variantCount(): number;
  /** Sites that overlap the interval (`ref` spans `[position, position + ref.length)`), in genome order, over all blocks. */
  sites(interval: Interval): AsyncIterable<Site>;
  /** One normalised variant; `undefined` where no block lists it. */
  site(variant: Variant): Promise<Site | undefined>;
  /** Counts of one variant in each cohort; a variant that no block lists is counted by the absent policy. */
  count(variant: Variant, cohorts: readonly PeopleSet[]): Promise<readonly AlleleCounts[]>;
  /** Counts of every site in genome order; of one interval, or of everything. */
  frequencies(cohorts: readonly PeopleSet[], interval?: Interval): AsyncIterable<SiteCounts>;
  /** As `frequencies`, thousands of sites at a time. */
  countBatches(cohorts: readonly PeopleSet[], interval?: Interval): AsyncIterable<CountBatch>;
  /** Who carries at least one copy. For use inside the node. */
  carriers(variant: Variant): Promise<PeopleSet>;
  /** Picks up what other processes have ingested since; cheap when nothing changed. */
  refresh(): Promise<void>;
}
