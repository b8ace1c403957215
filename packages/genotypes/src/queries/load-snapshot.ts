import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataKeys } from '../at-rest/data-keys.ts';
import { GenotypeError } from '../errors.ts';
import { MANIFEST } from '../manifest/manifest.ts';
import { openManifest, readManifestFile } from '../manifest/manifest-file.ts';
import { readPeople } from '../manifest/people-file.ts';
import { Roster } from '../manifest/roster.ts';
import { ByteCache } from '../segments/cache.ts';
import { Snapshot } from './snapshot.ts';

/** How a store is opened. */
export interface StoreOptions {
  /** Bound of the cache of what was read from segments; 256 MiB unless given. */
  readonly cacheBytes?: number | undefined;
  /** Memory for cohorts and common variants that were asked for before; 256 MiB unless given. */
  readonly residentBytes?: number | undefined;
  /**
   * Threads that count the whole store or inflate a large file that is taken in: this one alone where it is 1. Unless
   * given the machine's cores, where there is enough for them to do.
   */
  readonly threads?: number | undefined;
  /** Where the store's key is. A store that is made with keys is encrypted, and is opened with them only. */
  readonly keys?: DataKeys | undefined;
}

/** What of `before` is of the same store is used again: its data key, and what is cached of its files. */
export async function loadSnapshot(
  directory: string,
  options: StoreOptions,
  before?: Snapshot,
): Promise<Snapshot> {
  const file = await readManifestFile(join(directory, MANIFEST));
  const { manifest, seal } = await openManifest(file, options.keys, before?.seal);
  const same = before?.manifest.store === manifest.store;
  // Blocks in the keys of what is cached are numbers of the time.
  const alike = same && before.manifest.numbering === manifest.numbering;
  const cache = alike ? before.cache : new ByteCache(options.cacheBytes ?? 256 << 20);
  const roster = new Roster(manifest.blocks, (people) =>
    readPeople(join(directory, people.file), people, seal),
  );
  return new Snapshot(directory, manifest, roster, cache, seal);
}

/** Every manifest is a new file: its identity says whether it is the one that was read. */
export async function stateOf(directory: string): Promise<string> {
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

/** Sets of people are of no use with a state in which they have other numbers. */
export function refuseRenumbered({ manifest }: Snapshot, numbering: number, directory: string): void {
  if ((manifest.numbering ?? 0) === numbering) return;
  throw new GenotypeError(
    'genotypes/renumbered',
    'the people of this store have other numbers since another process compacted it: expected to be opened again',
    { location: { file: directory }, publicMessage: 'the dataset is being reorganised' },
  );
}
