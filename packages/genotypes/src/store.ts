import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { AlleleCounts, Assembly, Interval, PeopleSet, Variant } from '@federome/core';
import type {
  AbsentPolicy,
  CountBatch,
  GenotypeQueries,
  IngestOptions,
  IngestReport,
  PeopleBlock,
  Site,
  SiteCounts,
} from './api.ts';
import type { EmptyStore, StoreInventory } from './at-rest/erasure.ts';
import type { CompactionReport } from './compaction/compact.ts';
import type { CountingProgress } from './counts/store-counts.ts';
import type { StoredGroup } from './counts/tally.ts';
import { GenotypeError } from './errors.ts';
import type { OpenIngest } from './ingest/ingest-file.ts';
import { createKernels } from './kernels/wasm.ts';
import { syncDirectory } from './manifest/durable-file.ts';
import { takeIngestLock } from './manifest/ingest-lock.ts';
import { MANIFEST } from './manifest/manifest.ts';
import { writeEmptyManifest, writeManifest } from './manifest/manifest-file.ts';
import type { MergeOptions } from './merge/files-to-merge.ts';
import type { IngestStep } from './merge/plan.ts';
import { carriersOf, siteOf } from './queries/count-variant.ts';
import type { ExportOptions } from './queries/export.ts';
import { sitesOf } from './queries/frequencies.ts';
import { KernelPool } from './queries/kernel-pool.ts';
import { loadSnapshot, refuseRenumbered, type StoreOptions, stateOf } from './queries/load-snapshot.ts';
import { sitesIn } from './queries/sites.ts';
import type { Snapshot } from './queries/snapshot.ts';
import { StoreCounter } from './queries/store-counter.ts';
import { type VerifyReport, verifyStore } from './verify.ts';

const LOCK = 'ingest.lock';
// Loaded when something is taken in: the readers of file formats double the start of a process that only asks.
type Ingest = typeof import('./ingest/ingest-file.ts');

/**
 * The genotypes of one dataset, in a directory of immutable segments that a manifest names
 * (docs/decisions/0002-genotype-store-layout.md). Any number of processes may read while one ingests; a store object
 * answers from the state that it saw last, which `refresh` brings up to date. Damaged bytes are never served: whatever
 * is read has its checksum verified first, and raises `genotypes/corrupt` where that does not hold. Encrypted files are
 * decrypted in memory only.
 */
export class GenotypeStore implements GenotypeQueries {
  readonly directory: string;
  readonly #options: StoreOptions;
  readonly #kernels = new KernelPool(createKernels);
  readonly #counter: StoreCounter;
  #snapshot: Snapshot;
  #manifestState: string;

  private constructor(directory: string, options: StoreOptions, snapshot: Snapshot, manifestState: string) {
    this.directory = directory;
    this.#options = options;
    this.#counter = new StoreCounter(this.#kernels, options);
    this.#snapshot = snapshot;
    this.#manifestState = manifestState;
  }

  /** Makes an empty store; the directory is made too. `genotypes/store-exists` where one is there. */
  static async create(
    directory: string,
    dataset: { readonly assembly: Assembly; readonly absent: AbsentPolicy },
    options: StoreOptions = {},
  ): Promise<GenotypeStore> {
    const path = join(directory, MANIFEST);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const release = takeIngestLock(join(directory, LOCK));
    try {
      if (existsSync(path)) {
        throw new GenotypeError('genotypes/store-exists', 'there is a genotype store here already', {
          location: { file: directory },
        });
      }
      await writeEmptyManifest(path, dataset, options.keys);
    } finally {
      release();
    }
    return GenotypeStore.open(directory, options);
  }

  /**
   * `genotypes/no-store` where there is none, `genotypes/corrupt` where its manifest is damaged, `genotypes/other-version`
   * where another version wrote it, `genotypes/key-missing` where it is encrypted and no keys were given; with keys, what
   * they throw.
   */
  static async open(directory: string, options: StoreOptions = {}): Promise<GenotypeStore> {
    const state = await stateOf(directory);
    return new GenotypeStore(directory, options, await loadSnapshot(directory, options), state);
  }

  get assembly(): Assembly {
    return this.#snapshot.manifest.assembly;
  }

  get absent(): AbsentPolicy {
    return this.#snapshot.manifest.absent;
  }

  /** Given when the store was made. What is made in its place after a deletion has another. */
  get id(): string {
    return this.#snapshot.manifest.store;
  }

  /** Id of the key that opens the store; `undefined` where it is plain. */
  get key(): string | undefined {
    return this.#snapshot.seal?.wrapped.key;
  }

  get version(): number {
    return this.#snapshot.manifest.generation;
  }

  get numbering(): number {
    return this.#snapshot.manifest.numbering ?? 0;
  }

  blocks(): readonly PeopleBlock[] {
    return this.#snapshot.roster.blocks;
  }

  everyone(): PeopleSet {
    return this.#snapshot.roster.people(() => true);
  }

  genotyped(contig?: string): PeopleSet {
    return this.#snapshot.roster.people(({ contigs }) =>
      contig === undefined ? contigs.length > 0 : contigs.includes(contig),
    );
  }

  personOf(sample: string): number | undefined {
    return this.#snapshot.roster.personOf(sample);
  }

  sampleOf(person: number): string | undefined {
    return this.#snapshot.roster.sampleOf(person);
  }

  contigs(): readonly string[] {
    return this.#snapshot.contigs;
  }

  variantCount(): number {
    return this.#snapshot.manifest.variants;
  }

  sites(interval: Interval): AsyncIterable<Site> {
    return sitesIn(this.#snapshot, interval);
  }

  site(variant: Variant): Promise<Site | undefined> {
    return siteOf(this.#snapshot, variant);
  }

  count(variant: Variant, cohorts: readonly PeopleSet[]): Promise<readonly AlleleCounts[]> {
    return this.#counter.count(this.#snapshot, variant, cohorts);
  }

  frequencies(cohorts: readonly PeopleSet[], interval?: Interval): AsyncGenerator<SiteCounts> {
    return sitesOf(this.countBatches(cohorts, interval));
  }

  countBatches(cohorts: readonly PeopleSet[], interval?: Interval): AsyncGenerator<CountBatch> {
    return this.#counter.batches(this.#snapshot, cohorts, interval);
  }

  carriers(variant: Variant): Promise<PeopleSet> {
    return carriersOf(this.#snapshot, variant);
  }

  /**
   * Writes a region as VCF 4.3 (text or BGZF) or BCF 2.2: each normalised variant as a record of its own, alleles of the
   * same site that it does not name as 0, with phase, missing calls, half calls and haploid calls as they came. A site
   * that a block does not list is written by the absent policy. Memory: two chunks of 1 MiB, and about eight bytes a
   * person. Goes no faster than `out`, rejects with its error, and does not end it.
   */
  async exportGenotypes(interval: Interval, out: Writable, options: ExportOptions = {}): Promise<void> {
    const { exportGenotypes } = await import('./queries/export.ts');
    return exportGenotypes(this.#snapshot, interval, out, options);
  }

  /**
   * Makes people known who have records but no genotypes (yet): a block without genotypes. Names that are known are
   * passed over.
   */
  async addPeople(samples: readonly string[]): Promise<void> {
    await this.#change(async ({ directory, manifest, roster, seal }, { blockSizes, writePeople }) => {
      const names = [...new Set(samples)].filter((name) => roster.personOf(name) === undefined);
      if (names.length === 0) return;
      const generation = manifest.generation + 1;
      const blocks = await writePeople(
        { directory, seal },
        generation,
        names,
        blockSizes(names.length),
        undefined,
      );
      await syncDirectory(directory);
      const grown = { ...manifest, generation, blocks: [...manifest.blocks, ...blocks] };
      await writeManifest(join(directory, MANIFEST), grown, seal);
    });
  }

  /**
   * Takes in a VCF file whole: it is acknowledged by one change of the manifest when this resolves, and has left nothing
   * when it rejects or the process ends before. The sample list decides where it goes: the samples of an earlier file in
   * the same order bring more sites for the same people (`genotypes/duplicate-variant` where a site came before); only
   * new people, or people known by their records only, become new blocks; other mixtures are refused
   * (`genotypes/samples-reordered`, `genotypes/samples-overlap`, `genotypes/no-samples`). Faults of the file raise
   * `FormatError`. A full disk raises `genotypes/disk-full`, another ingest `genotypes/locked`.
   *
   * Memory: two open bins of at most 16,384 sites or 32 MiB of sets each (twice that while a segment is written) and of
   * 256 common sets that wait for each other (2 MB a block of people), and the reader's; the whole process had 145 MB
   * resident at 10,000 people × 50,000 variants, and 335 MB at a million × 2,000.
   */
  ingest(file: string, options: IngestOptions = {}): Promise<IngestReport> {
    const threads = options.threads ?? this.#options.threads ?? availableParallelism();
    return this.#change((open, ingest) => ingest.ingestFile(open, file, { ...options, threads }));
  }

  /**
   * Takes in files of different people, whole or not at all, as one file with all of them would be: those whose file does
   * not list a variant have the reference where it says so with reference blocks (gVCF), or by the absent policy where
   * it has none. Files that were acknowledged before are passed over; people who have genotypes come all together, in
   * any order. Rules, memory: docs/decisions/0010-merging-callability-compaction.md. Refusals are those of `ingest`.
   */
  ingestTogether(files: readonly string[], options: MergeOptions = {}): Promise<readonly IngestReport[]> {
    return this.#change(async (open) => {
      const { ingestTogether } = await import('./merge/ingest-together.ts');
      return await ingestTogether(open, files, options);
    });
  }

  /**
   * How files are best taken in: those of 64 samples or fewer together, as many at a time as have different people. Faults
   * of files are left to the ingest, unless a merge would go on without them.
   */
  async planIngest(files: readonly string[]): Promise<readonly IngestStep[]> {
    const { planIngest } = await import('./merge/plan.ts');
    const { manifest, roster } = this.#snapshot;
    return await planIngest(files, manifest.assembly, (sample) => roster.genotypedBlockOf(sample));
  }

  /**
   * Counts groups of people at every site and keeps the counts beside the genotypes, in place of those that are kept;
   * of no groups, only of everyone. `countBatches`, `frequencies` and `count` use them for whatever cohorts they are
   * asked: only those people are counted in whom a cohort differs from the nearest group. Segments whose people have not
   * changed groups since are not counted again. A group may be of anyone, and people may be in several.
   */
  async storeCounts(
    groups: readonly StoredGroup[],
    onProgress?: (progress: CountingProgress) => void,
  ): Promise<void> {
    const { countGroups } = await import('./counts/store-counts.ts');
    await this.#change(async (open) => {
      const { directory, manifest, seal } = open;
      const tally = await countGroups({ ...open, threads: this.#options.threads }, groups, onProgress);
      await syncDirectory(directory);
      const counted = { ...manifest, generation: manifest.generation + 1, tally };
      await writeManifest(join(directory, MANIFEST), counted, seal);
    });
  }

  /** Names of the groups whose counts are kept. */
  storedGroups(): readonly string[] {
    return this.#snapshot.manifest.tally?.groups ?? [];
  }

  /**
   * Makes one block of many small ones, as if their people had come in one file. People get other numbers (`numbering`);
   * answers stay what they were, but that a variant's identifiers and original are those of one of the blocks that list
   * it. The old files stay until the next change, so that readers of the state before finish. Blocks of a file of more
   * than 32,768 people stay as they are. Afterwards a file with the samples of one of the blocks only is refused.
   */
  async compact(): Promise<CompactionReport> {
    const { compact } = await import('./compaction/compact.ts');
    return await this.#change((open) => compact(open));
  }

  /** `genotypes/renumbered` where another process has compacted the store: people that were asked for have other numbers. */
  async refresh(): Promise<void> {
    await this.#refresh(this.numbering);
  }

  async #refresh(numbering: number | undefined): Promise<void> {
    const state = await stateOf(this.directory);
    if (state === this.#manifestState) return;
    const now = await loadSnapshot(this.directory, this.#options, this.#snapshot);
    if (numbering !== undefined && now.manifest.store === this.id)
      refuseRenumbered(now, numbering, this.directory);
    this.#snapshot = now;
    this.#manifestState = state;
  }

  /**
   * Puts the store's data key under a new key of the key store and destroys the old one; no file but the manifest is
   * written, and readers go on. Nothing happens to a plain store. Returns the new key's id.
   */
  async rotateKey(): Promise<string | undefined> {
    const { keys } = this.#options;
    return await this.#change(async ({ directory, manifest, seal }) => {
      if (seal === undefined || keys === undefined) return undefined;
      const rewrapped = await seal.rewrap(keys);
      await writeManifest(join(directory, MANIFEST), manifest, rewrapped);
      for (const former of rewrapped.wrapped.former) await keys.destroy(former);
      return rewrapped.wrapped.key;
    });
  }

  /**
   * Deletes what a store holds for good and leaves an empty one in its place. `record` is given what is about to go and
   * makes that durable; from then on there is no way back, and `completeErasure` with it finishes what a crash cut off.
   * No key is needed for what goes. `genotypes/locked` while the store is being changed.
   */
  static async erase(
    directory: string,
    empty: EmptyStore,
    record: (inventory: StoreInventory) => Promise<void>,
  ): Promise<void> {
    const { completeErasure, inventoryOf } = await import('./at-rest/erasure.ts');
    const release = takeIngestLock(join(directory, LOCK));
    try {
      const inventory = await inventoryOf(directory);
      await record(inventory);
      await completeErasure(directory, empty, inventory);
    } finally {
      release();
    }
  }

  /** The rest of an `erase` whose inventory was recorded; nothing happens where nothing is left to do. */
  static async completeErasure(
    directory: string,
    empty: EmptyStore,
    inventory: StoreInventory,
  ): Promise<void> {
    const { completeErasure } = await import('./at-rest/erasure.ts');
    const release = takeIngestLock(join(directory, LOCK));
    try {
      await completeErasure(directory, empty, inventory);
    } finally {
      release();
    }
  }

  /** Reads everything and says what is damaged; a store that cannot be opened is such a report too. */
  static verify(directory: string, options: StoreOptions = {}): Promise<VerifyReport> {
    return verifyStore(directory, createKernels(), options.keys);
  }

  /** As the static one, of this store as it is now. */
  verify(): Promise<VerifyReport> {
    return GenotypeStore.verify(this.directory, this.#options);
  }

  /** Forgets the data key and what was decrypted; a closed store is not to be used again. */
  async close(): Promise<void> {
    this.#snapshot.cache.clear();
    this.#snapshot.seal?.close();
  }

  async #change<T>(work: (open: OpenIngest, ingest: Ingest) => Promise<T>): Promise<T> {
    const ingest = await import('./ingest/ingest-file.ts');
    const release = takeIngestLock(join(this.directory, LOCK));
    try {
      const { manifest, roster, seal, cache } = await loadSnapshot(
        this.directory,
        this.#options,
        this.#snapshot,
      );
      const { directory } = this;
      await ingest.removeOrphans({ directory, manifest });
      return await this.#kernels.with((kernels) =>
        work({ directory, manifest, roster, kernels, seal, cache }, ingest),
      );
    } finally {
      release();
      await this.#refresh(undefined);
    }
  }
}
