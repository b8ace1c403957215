import type { Assembly, ConsentModel } from '@federome/core';
import {
  type CompactionReport,
  GenotypeError,
  type GenotypeStore,
  type IngestReport,
  type MergeOptions,
  type VerifyReport,
} from '@federome/genotypes';
import { NodeError } from '../errors.ts';
import { isIdentifier } from '../home.ts';
import type { Dataset, RecordStore } from '../stores/records/records.ts';

/** Makes and opens genotype stores by dataset; given by the composition root. */
export interface GenotypeStores {
  create(
    dataset: string,
    options: { assembly: Assembly; absent: Dataset['absent']; segments: 'sealed' | 'plain' | undefined },
  ): Promise<GenotypeStore>;
  open(dataset: string): Promise<GenotypeStore>;
  verify(dataset: string): Promise<VerifyReport>;
}

/** What a dataset is added with; defaults are the safe ones. */
export interface NewDataset {
  readonly id: string;
  readonly assembly: Assembly;
  readonly title?: string | undefined;
  readonly absent?: Dataset['absent'] | undefined;
  /** Default `opt-out`: silence keeps what was given at inclusion. */
  readonly consentModel?: ConsentModel | undefined;
  readonly duo?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** How its genotypes are kept, other than the node's own way. */
  readonly segments?: 'sealed' | 'plain' | undefined;
}

export interface DatasetServiceOptions {
  /** A hub holds no datasets: whatever needs one is `node/wrong-role` there. */
  readonly role: 'node' | 'hub';
  readonly records: RecordStore;
  readonly stores: GenotypeStores;
  readonly now: () => Date;
  /** Called after people came or moved: derives the dataset's projections anew. */
  readonly rebuild: (dataset: string) => Promise<void>;
  /** Called after the files of a dataset's genotypes became others; what follows waits for it. */
  readonly changed?: ((dataset: string, change: GenotypeChange) => Promise<void>) | undefined;
}

/** What changes the files of genotypes. */
export type GenotypeChange = 'added' | 'ingested' | 'compacted' | 'key-rotated';

/** Datasets and their genomes. */
export class DatasetService {
  readonly #options: DatasetServiceOptions;
  readonly #open = new Map<string, Promise<GenotypeStore>>();

  constructor(options: DatasetServiceOptions) {
    this.#options = options;
  }

  /** Throws `node/bad-dataset`, `node/dataset-exists`, `node/wrong-role`. */
  async add(options: NewDataset): Promise<Dataset> {
    this.#assertNode();
    const { records, now } = this.#options;
    const dataset: Dataset = {
      id: options.id,
      title: options.title ?? options.id,
      assembly: options.assembly,
      absent: options.absent ?? 'missing',
      consentModel: options.consentModel ?? 'opt-out',
      duo: options.duo ?? [],
      createdAt: now().toISOString(),
      metadata: options.metadata ?? {},
    };
    assertDataset(dataset);
    if ((await records.dataset(dataset.id)) !== undefined) {
      throw new NodeError('node/dataset-exists', `there is a dataset '${dataset.id}' already`);
    }
    const store = await this.#emptyStore(dataset, options.segments);
    await records.transaction(async (transaction) => {
      await transaction.addDataset(dataset);
      const { id, assembly, absent, consentModel } = dataset;
      await transaction.appendEvent(
        'dataset-added',
        { dataset: id, assembly, absent, consentModel },
        dataset.createdAt,
      );
    });
    this.#open.set(dataset.id, Promise.resolve(store));
    await this.#options.changed?.(dataset.id, 'added');
    return dataset;
  }

  /** A new genotype store, or the one that an interrupted `add` of the same dataset left. */
  async #emptyStore(
    { id, assembly, absent }: Dataset,
    segments: NewDataset['segments'],
  ): Promise<GenotypeStore> {
    const { stores } = this.#options;
    try {
      return await stores.create(id, { assembly, absent, segments });
    } catch (cause) {
      if (!(cause instanceof GenotypeError) || cause.code !== 'genotypes/store-exists') throw cause;
      const left = await stores.open(id);
      if (left.assembly === assembly && left.absent === absent && left.blocks().length === 0) return left;
      throw cause;
    }
  }

  async list(): Promise<readonly Dataset[]> {
    return await this.#options.records.datasets();
  }

  /** Throws `node/unknown-dataset`, `node/wrong-role`. */
  async get(id: string): Promise<Dataset> {
    this.#assertNode();
    const dataset = await this.#options.records.dataset(id);
    if (dataset === undefined) throw new NodeError('node/unknown-dataset', `there is no dataset '${id}'`);
    return dataset;
  }

  /** The genotype store of a dataset, opened once, and with what other processes have ingested since. */
  async genotypes(id: string): Promise<GenotypeStore> {
    let opening = this.#open.get(id);
    if (opening === undefined) {
      await this.get(id);
      opening = this.#open.get(id) ?? this.#options.stores.open(id);
      this.#open.set(id, opening);
      opening.catch(() => this.#open.delete(id));
    }
    const store = await opening;
    await store.refresh();
    return store;
  }

  /** Puts every sealed dataset under a new key and destroys the old one; ids of the new keys, by dataset. */
  async rotateKeys(): Promise<readonly { readonly dataset: string; readonly key: string | undefined }[]> {
    const rotated = [];
    for (const { id } of await this.list()) {
      const key = await (await this.genotypes(id)).rotateKey();
      if (key !== undefined) await this.#options.changed?.(id, 'key-rotated');
      rotated.push({ dataset: id, key });
    }
    return rotated;
  }

  /** Forgets the keys of what is open. */
  async close(): Promise<void> {
    for (const opening of this.#open.values()) await (await opening.catch(() => undefined))?.close();
    this.#open.clear();
  }

  /** Reads every byte of a dataset's genomes, and says what is damaged. */
  async verify(id: string): Promise<VerifyReport> {
    await this.get(id);
    return await this.#options.stores.verify(id);
  }

  /**
   * Makes one block of the many small ones of a dataset (`GenotypeStore.compact`), and derives its projections anew. A
   * server that answers from the dataset has to be started again: it refuses until then (`genotypes/renumbered`).
   */
  async compact(id: string): Promise<CompactionReport> {
    const { records, now, rebuild } = this.#options;
    const report = await (await this.genotypes(id)).compact();
    if (report.outcome === 'nothing-to-do') return report;
    await rebuild(id);
    const { blocksBefore, blocks } = report;
    await records.appendEvent(
      'genotypes-compacted',
      { dataset: id, blocksBefore, blocks },
      now().toISOString(),
    );
    await this.#options.changed?.(id, 'compacted');
    return report;
  }

  /**
   * Ingests files of genotypes, each acknowledged when its report appears: files of few samples together, as
   * `GenotypeStore.planIngest` says, the others one after the other. The same call again completes what was interrupted.
   */
  async ingest(
    id: string,
    files: readonly string[],
    options: MergeOptions & { readonly onFile?: ((report: IngestReport) => void) | undefined } = {},
  ): Promise<readonly IngestReport[]> {
    const { records, now, rebuild } = this.#options;
    const store = await this.genotypes(id);
    const reports: IngestReport[] = [];
    try {
      for (const step of await store.planIngest(files)) {
        const done = step.together
          ? await store.ingestTogether(step.files, options)
          : [await ingestAlone(store, step.files[0]!, options)];
        reports.push(...done);
        for (const report of done) options.onFile?.(report);
        const fresh = done.filter(({ outcome }) => outcome === 'ingested');
        if (fresh.length === 0) continue;
        const total = (of: (report: IngestReport) => number) =>
          fresh.reduce((sum, each) => sum + of(each), 0);
        await records.appendEvent(
          'genotypes-ingested',
          {
            dataset: id,
            samples: total(({ samples }) => samples),
            newSamples: total(({ newSamples }) => newSamples),
            records: total(({ records: lines }) => lines),
            variants: total(({ variants }) => variants),
          },
          now().toISOString(),
        );
      }
    } finally {
      if (reports.length > 0) {
        await rebuild(id);
        await this.#options.changed?.(id, 'ingested');
      }
    }
    return reports;
  }

  #assertNode(): void {
    if (this.#options.role === 'hub') {
      throw new NodeError('node/wrong-role', 'this is a hub: it asks nodes, and holds no datasets');
    }
  }
}

function ingestAlone(
  store: GenotypeStore,
  file: string,
  { reference, onProgress }: MergeOptions,
): Promise<IngestReport> {
  return store.ingest(file, {
    reference,
    onProgress: (progress) => onProgress?.({ ...progress, files: 0, filesTotal: 1 }),
  });
}

function assertDataset(dataset: Dataset): void {
  if (!isIdentifier(dataset.id)) {
    throw new NodeError(
      'node/bad-dataset',
      `'${dataset.id}' is not a dataset id: letters, digits, '.', '_' and '-', at most 100`,
    );
  }
  for (const code of dataset.duo) {
    if (!/^DUO:\d{7}$/.test(code)) {
      throw new NodeError('node/bad-dataset', `'${code}' is not a DUO code such as DUO:0000042`);
    }
  }
}
