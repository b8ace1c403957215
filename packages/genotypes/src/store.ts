import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { AlleleCounts, Assembly, Interval, PeopleSet, Variant } from '@federome/core';
import type {
  AbsentPolicy,
  GenotypeQueries,
  IngestOptions,
  IngestReport,
  PeopleBlock,
  Site,
  SiteCounts,
} from './api.ts';
import { GenotypeError } from './errors.ts';
import type { OpenIngest } from './ingest/ingest-file.ts';
import { createKernels } from './kernels/wasm.ts';
import { syncDirectory } from './manifest/durable-file.ts';
import { takeIngestLock } from './manifest/ingest-lock.ts';
import { MANIFEST, type Manifest, readManifest, writeManifest } from './manifest/manifest.ts';
import { readPeople } from './manifest/people-file.ts';
import { Roster } from './manifest/roster.ts';
import { carriersOf, countVariant, siteOf } from './queries/count-variant.ts';
import { type ExportOptions, exportVcf } from './queries/export-vcf.ts';
import { countInterval, passesFor } from './queries/frequencies.ts';
import { KernelPool } from './queries/kernel-pool.ts';
import { sitesIn } from './queries/sites.ts';
import { Snapshot } from './queries/snapshot.ts';
import { ByteCache } from './segments/cache.ts';
import { type VerifyReport, verifyStore } from './verify.ts';

const LOCK = 'ingest.lock';
// Loaded when something is taken in: the readers of file formats double the start of a process that only asks.
type Ingest = typeof import('./ingest/ingest-file.ts');

/** How a store is opened. */
export interface StoreOptions {
  /** Bound of the cache of what was read from segments; 256 MiB unless given. */
  readonly cacheBytes?: number | undefined;
}

/**
 * The genotypes of one dataset, in a directory of immutable segments that a manifest names
 * (docs/decisions/0002-genotype-store-layout.md). Any number of processes may read while one ingests; a store object
 * answers from the state that it saw last, which `refresh` brings up to date. Damaged bytes are never served: whatever
 * is read has its checksum verified first, and raises `genotypes/corrupt` where that does not hold.
 */
export class GenotypeStore implements GenotypeQueries {
  readonly directory: string;
  readonly #cache: ByteCache;
  readonly #kernels = new KernelPool(createKernels);
  #snapshot: Snapshot;
  #manifestState: string;

  private constructor(directory: string, cache: ByteCache, snapshot: Snapshot, manifestState: string) {
    this.directory = directory;
    this.#cache = cache;
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
      const { assembly, absent } = dataset;
      await writeManifest(path, {
        generation: 1,
        assembly,
        absent,
        variants: 0,
        blocks: [],
        files: [],
        segments: [],
      });
    } finally {
      release();
    }
    return GenotypeStore.open(directory, options);
  }

  /** `genotypes/no-store` where there is none, `genotypes/corrupt` where its manifest is damaged. */
  static async open(directory: string, options: StoreOptions = {}): Promise<GenotypeStore> {
    const cache = new ByteCache(options.cacheBytes ?? 256 << 20);
    const state = await stateOf(directory);
    return new GenotypeStore(directory, cache, await load(directory, cache), state);
  }

  get assembly(): Assembly {
    return this.#snapshot.manifest.assembly;
  }

  get absent(): AbsentPolicy {
    return this.#snapshot.manifest.absent;
  }

  get version(): number {
    return this.#snapshot.manifest.generation;
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
    return this.#kernels.with((kernels) => countVariant(this.#snapshot, kernels, variant, cohorts));
  }

  async *frequencies(cohorts: readonly PeopleSet[], interval?: Interval): AsyncGenerator<SiteCounts> {
    const snapshot = this.#snapshot;
    const kernels = Array.from({ length: passesFor(cohorts) }, () => this.#kernels.borrow());
    try {
      if (interval !== undefined) yield* countInterval(snapshot, kernels, cohorts, interval);
      else {
        for (const contig of snapshot.contigs) {
          const whole = { contig, start: Number.MIN_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER };
          yield* countInterval(snapshot, kernels, cohorts, whole);
        }
      }
    } finally {
      for (const own of kernels) this.#kernels.giveBack(own);
    }
  }

  carriers(variant: Variant): Promise<PeopleSet> {
    return carriersOf(this.#snapshot, variant);
  }

  /**
   * Writes a region as VCF 4.3: each normalised variant on a line of its own, alleles of the same site that it does not
   * name as 0, with phase, missing calls, half calls and haploid calls as they came. A site that a block does not list
   * is written by the absent policy. Does not end `out`.
   */
  exportVcf(interval: Interval, out: Writable, options: ExportOptions = {}): Promise<void> {
    return exportVcf(this.#snapshot, interval, out, options);
  }

  /**
   * Makes people known who have records but no genotypes (yet): a block without genotypes. Names that are known are
   * passed over.
   */
  async addPeople(samples: readonly string[]): Promise<void> {
    await this.#change(async ({ directory, manifest, roster }, { blockSizes, writePeople }) => {
      const names = [...new Set(samples)].filter((name) => roster.personOf(name) === undefined);
      if (names.length === 0) return;
      const generation = manifest.generation + 1;
      const blocks = await writePeople(directory, generation, names, blockSizes(names.length), undefined);
      await syncDirectory(directory);
      await writeManifest(join(directory, MANIFEST), {
        ...manifest,
        generation,
        blocks: [...manifest.blocks, ...blocks],
      });
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
   * Memory: two open bins of at most 16,384 sites or 32 MiB of sets each (twice that while a segment is written), four
   * bytes a sample, the reader's chunk and longest line; the whole process had 181 MB resident at 10,000 people ×
   * 10,000 variants.
   */
  ingest(file: string, options: IngestOptions = {}): Promise<IngestReport> {
    return this.#change((open, ingest) => ingest.ingestFile(open, file, options));
  }

  async refresh(): Promise<void> {
    const state = await stateOf(this.directory);
    if (state === this.#manifestState) return;
    this.#snapshot = await load(this.directory, this.#cache);
    this.#manifestState = state;
  }

  /** Reads everything and says what is damaged. */
  verify(): Promise<VerifyReport> {
    return this.#kernels.with((kernels) => verifyStore(this.directory, kernels));
  }

  /** Nothing stays open between calls; a closed store need not be used again. */
  async close(): Promise<void> {}

  async #change<T>(work: (open: OpenIngest, ingest: Ingest) => Promise<T>): Promise<T> {
    const ingest = await import('./ingest/ingest-file.ts');
    const release = takeIngestLock(join(this.directory, LOCK));
    try {
      const { manifest, roster } = await load(this.directory, this.#cache);
      const { directory } = this;
      await ingest.removeOrphans({ directory, manifest });
      return await this.#kernels.with((kernels) =>
        work({ directory, manifest, roster, kernels, cache: this.#cache }, ingest),
      );
    } finally {
      release();
      await this.refresh();
    }
  }
}

async function load(directory: string, cache: ByteCache): Promise<Snapshot> {
  const manifest: Manifest = await readManifest(join(directory, MANIFEST));
  const roster = new Roster(manifest.blocks, (people) => readPeople(join(directory, people.file), people));
  return new Snapshot(directory, manifest, roster, cache);
}

/** Every manifest is a new file: its identity says whether it is the one that was read. */
async function stateOf(directory: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(join(directory, MANIFEST), { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch (cause) {
    throw new GenotypeError('genotypes/no-store', 'there is no genotype store here', {
      cause,
      location: { file: directory },
      publicMessage: 'no genotypes are stored',
    });
  }
}
