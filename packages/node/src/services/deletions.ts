import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type EmptyStore, GenotypeError, GenotypeStore, MANIFEST } from '@federome/genotypes';
import { NodeError } from '../errors.ts';
import {
  type DeletionRecord,
  type DeletionRecords,
  faultsOfChain,
} from '../stores/deletions/deletion-records.ts';
import type { KeyStore } from '../stores/keys/keys.ts';
import type { Dataset, RecordStore } from '../stores/records/records.ts';

/** What deletions need of the node. */
export interface DeletionServiceOptions {
  /** Of the home. */
  readonly home: string;
  /** Where a dataset's genotypes lie, within the home. */
  readonly directoryOf: (dataset: string) => string;
  readonly deletions: DeletionRecords;
  readonly records: RecordStore;
  readonly keys: KeyStore;
  /** Throws `node/unknown-dataset`, `node/wrong-role`. */
  readonly dataset: (id: string) => Promise<Dataset>;
  /** What comes in the place of a dataset's store. */
  readonly empty: (dataset: Dataset) => EmptyStore;
  readonly genotypes: (dataset: string) => Promise<Pick<GenotypeStore, 'addPeople'>>;
  readonly rebuild: (dataset: string) => Promise<void>;
  /** Called when a dataset's store was replaced by an empty one. */
  readonly deleted?: ((dataset: string, recordHash: string) => Promise<void>) | undefined;
  readonly now: () => Date;
}

/** Deletes genotypes for good and proves it afterwards. */
export class DeletionService {
  readonly #options: DeletionServiceOptions;

  constructor(options: DeletionServiceOptions) {
    this.#options = options;
  }

  /**
   * Deletes all genotypes of a dataset: the key that opens them is destroyed, in copies of the files too, and the files
   * go. The dataset stays, empty, with the records of its people. What is returned is the proof, which stays in the home;
   * `verify` holds it against what is there. A crash before it is recorded leaves everything; after it, `resume` does the
   * rest. Throws `node/unknown-dataset`, `genotypes/locked`.
   */
  async delete(id: string, by: string): Promise<DeletionRecord> {
    const { dataset, deletions, directoryOf, empty, home, now } = this.#options;
    const found = await dataset(id);
    const directory = directoryOf(id);
    let record: DeletionRecord | undefined;
    await GenotypeStore.erase(join(home, directory), empty(found), async (inventory) => {
      record = await deletions.begin({ ...inventory, dataset: id, directory, by, at: now().toISOString() });
    });
    if (record === undefined) throw new TypeError('an erasure was not recorded');
    await this.#finish(record);
    return record;
  }

  /** Does the rest of deletions that were cut off; one that another process is at is left to it. */
  async resume(): Promise<void> {
    const { deletions, dataset, empty, home } = this.#options;
    for (const record of await deletions.pending()) {
      try {
        const store = empty(await dataset(record.dataset));
        await GenotypeStore.completeErasure(join(home, record.directory), store, record);
      } catch (cause) {
        if (cause instanceof GenotypeError && cause.code === 'genotypes/locked') continue;
        throw cause;
      }
      await this.#finish(record);
    }
  }

  /** What does not agree with the records, in words; empty where every deletion holds. */
  async verify(): Promise<readonly string[]> {
    const { deletions, keys, records } = this.#options;
    let all: Awaited<ReturnType<DeletionRecords['all']>>;
    try {
      all = await deletions.all();
    } catch (cause) {
      if (cause instanceof NodeError) return [cause.describe()];
      throw cause;
    }
    const faults = [...faultsOfChain(all.map(({ record }) => record))];
    const present = new Set(all.length === 0 ? [] : (await keys.list()).map(({ id }) => id));
    for (const { record, pending } of all) {
      const name = `deletion ${record.sequence} of dataset ${record.dataset}`;
      if (pending) faults.push(`${name} was cut off and is not complete`);
      for (const key of record.keys.filter((id) => present.has(id)))
        faults.push(`${name}: the key ${key} is there`);
      for (const file of await this.#remaining(record)) faults.push(`${name}: ${file} is there`);
    }
    const hashes = new Set(all.map(({ record }) => record.hash));
    for (const hash of await deletedHashes(records)) {
      if (!hashes.has(hash))
        faults.push(`the record of a deletion is gone, or another: its hash was ${hash}`);
    }
    return faults;
  }

  /** People who have records stay numbered, so that questions about records are answered on. */
  async #finish(record: DeletionRecord): Promise<void> {
    const { deletions, genotypes, rebuild, records } = this.#options;
    const ids: string[] = [];
    for await (const { id } of records.subjects(record.dataset)) ids.push(id);
    if (ids.length > 0) await (await genotypes(record.dataset)).addPeople(ids);
    await rebuild(record.dataset);
    await records.transaction(async (transaction) => {
      if ((await deletedHashes(transaction)).includes(record.hash)) return;
      const { dataset, hash, keys, files } = record;
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      const data = { dataset, record: hash, keys: keys.length, files: files.length, bytes };
      await transaction.appendEvent('genotypes-deleted', data, record.at);
    });
    await this.#options.deleted?.(record.dataset, record.hash);
    await deletions.complete(record);
  }

  /** Names do not come again, but for the manifest's. */
  async #remaining({ directory, files }: DeletionRecord): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { file, sha256 } of files) {
      const path = join(this.#options.home, directory, file);
      if (existsSync(path) && (file !== MANIFEST || (await digestOf(path)).sha256 === sha256))
        found.push(path);
    }
    return found;
  }
}

async function deletedHashes(records: RecordStore): Promise<readonly string[]> {
  const hashes: string[] = [];
  for (let after = 0; ; ) {
    const events = await records.events(after, 1_000);
    for (const { type, data } of events) {
      if (type === 'genotypes-deleted' && typeof data.record === 'string') hashes.push(data.record);
    }
    const last = events.at(-1);
    if (last === undefined) return hashes;
    after = last.sequence;
  }
}
