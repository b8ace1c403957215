import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Ledger } from '@federome/core';
import { GenotypeError, MANIFEST, readManifestFile } from '@federome/genotypes';
import type { LedgerStore } from '../../stores/ledger/ledger-store.ts';

/** What changed a genotype store. */
export type StoreChange = 'added' | 'ingested' | 'compacted' | 'deleted' | 'key-rotated' | 'people-added';

const PINNED = 'dataset/pinned';

interface Pin {
  /** Id of the store; another one is another store, though it may lie in the same place. */
  readonly store: string;
  readonly generation: number;
  /** SHA-256 of the manifest, which names the digest of every other file. */
  readonly manifest: string;
}

export interface PinsOptions {
  readonly ledger: Ledger;
  readonly store: LedgerStore;
  /** Where a dataset's genotypes lie. */
  readonly directoryOf: (dataset: string) => string;
  readonly now: () => Date;
}

/** Puts each state of a genotype store into the ledger, so that an older one cannot come back unseen. */
export class Pins {
  readonly #options: PinsOptions;

  constructor(options: PinsOptions) {
    this.#options = options;
  }

  /** After a store changed; `deletion` is the hash of the record that proves one. Throws `node/ledger-unavailable`; the change has then been made all the same. */
  async pin(dataset: string, change: StoreChange, deletion?: string): Promise<void> {
    const { ledger, directoryOf, now } = this.#options;
    const pin = await pinOf(directoryOf(dataset));
    const data = { dataset, change, ...pin, ...(deletion !== undefined && { deletion }) };
    await ledger.record({ type: PINNED, at: now().toISOString(), data });
  }

  /** Which stores are not what was pinned last, or come after it, in words. */
  async faults(): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const [dataset, pinned] of await this.#latest()) {
      const fault = await this.#faultOf(dataset, pinned);
      if (fault !== undefined) faults.push(fault);
    }
    return faults;
  }

  async #faultOf(dataset: string, pinned: Pin): Promise<string | undefined> {
    const of = `genotypes of ${dataset}`;
    let found: Pin;
    try {
      found = await pinOf(this.#options.directoryOf(dataset));
    } catch (error) {
      if (error instanceof GenotypeError) return `${of}: ${error.describe()}`;
      throw error;
    }
    if (found.store !== pinned.store)
      return `${of}: this is another store (${found.store}) than the ledger says (${pinned.store})`;
    if (found.generation < pinned.generation)
      return `${of}: rolled back to generation ${found.generation}; the ledger says ${pinned.generation}`;
    if (found.generation === pinned.generation && found.manifest !== pinned.manifest)
      return `${of}: generation ${found.generation} is not the one that the ledger says`;
    return undefined;
  }

  async #latest(): Promise<ReadonlyMap<string, Pin>> {
    const pins = new Map<string, Pin>();
    for (let before: number | undefined; ; ) {
      const records = await this.#options.store.latest({ limit: 1_000, type: PINNED, before });
      for (const { content } of records) {
        const data: unknown = content === undefined ? undefined : JSON.parse(content.event).data;
        if (isPin(data) && !pins.has(data.dataset)) pins.set(data.dataset, data);
      }
      before = records.at(-1)?.index;
      if (before === undefined) return pins;
    }
  }
}

async function pinOf(directory: string): Promise<Pin> {
  const { envelope, head, body } = await readManifestFile(join(directory, MANIFEST));
  const manifest = createHash('sha256').update(head).update(body).digest('hex');
  return { store: envelope.store, generation: envelope.generation, manifest };
}

function isPin(value: unknown): value is Pin & { readonly dataset: string } {
  const given: { readonly [Key in keyof Pin | 'dataset']?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  return (
    typeof given.dataset === 'string' &&
    typeof given.store === 'string' &&
    typeof given.generation === 'number' &&
    typeof given.manifest === 'string'
  );
}
