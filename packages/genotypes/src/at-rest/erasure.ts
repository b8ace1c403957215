import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assembly } from '@federome/core';
import type { AbsentPolicy } from '../api.ts';
import { syncDirectory } from '../manifest/durable-file.ts';
import { MANIFEST } from '../manifest/manifest.ts';
import { readManifestFile, writeEmptyManifest } from '../manifest/manifest-file.ts';
import { corruptFile } from '../segments/section.ts';
import type { DataKeys } from './data-keys.ts';

/** What a store held, by digests: enough to recognise any of its files, and nothing of their content. */
export interface StoreInventory {
  readonly store: string;
  /** Ids of the keys that wrapped its data key; none of a plain store. */
  readonly keys: readonly string[];
  /** Everything that lay in its directory, the manifest first. */
  readonly files: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
}

/** The store that comes in the place of one that is erased. */
export interface EmptyStore {
  readonly assembly: Assembly;
  readonly absent: AbsentPolicy;
  /** The key store of both; the one that comes is plain where the one that goes was. */
  readonly keys: DataKeys | undefined;
}

/** Reads every file of a store, whatever its state; the lock is the caller's. */
export async function inventoryOf(directory: string): Promise<StoreInventory> {
  const { envelope } = await readManifestFile(join(directory, MANIFEST));
  const { sealed, store } = envelope;
  const names = (await readdir(directory)).filter(isContent).sort();
  const files = [];
  for (const file of [MANIFEST, ...names]) files.push({ file, ...(await digestOf(join(directory, file))) });
  return { store, keys: sealed === null ? [] : [...sealed.former, sealed.key], files };
}

/** Every step may have been done before; the lock is the caller's. */
export async function completeErasure(
  directory: string,
  { assembly, absent, keys }: EmptyStore,
  inventory: StoreInventory,
): Promise<void> {
  const path = join(directory, MANIFEST);
  const before = (await readManifestFile(path)).envelope;
  if (before.store === inventory.store) {
    const wasPlain = inventory.keys.length === 0;
    const next = before.generation + 1;
    await writeEmptyManifest(path, { assembly, absent }, wasPlain ? undefined : keys, next);
  }
  for (const key of inventory.keys) await keys?.destroy(key);
  const { envelope } = await readManifestFile(path);
  const kept = new Set(envelope.files.map(({ file }) => file));
  for (const file of (await readdir(directory)).filter(isContent)) {
    if (!kept.has(file)) await rm(join(directory, file), { force: true });
  }
  await syncDirectory(directory);
}

/** Bytes and SHA-256 of a file. */
export async function digestOf(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (cause) {
    throw corruptFile(path, cause);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** All but the manifest, which is replaced, and the lock with what SQLite may put beside it. */
function isContent(file: string): boolean {
  return file !== MANIFEST && !file.startsWith('ingest.lock');
}
