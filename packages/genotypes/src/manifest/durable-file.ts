import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { type FileOnDisk, storedParts } from '../at-rest/stored-file.ts';
import { GenotypeError } from '../errors.ts';

/** Suffix of files that are being written; they mean nothing, and the next ingest removes them. */
export const TEMPORARY = '.tmp';

/**
 * Writes a file so that it is there whole or not at all: temporary name, fsync, rename. The directory is not synced. With
 * a seal the content is encrypted before it reaches the disk. Returns what then lies there.
 */
export async function writeDurably(
  path: string,
  parts: Iterable<Uint8Array>,
  seal: StoreSeal | undefined,
): Promise<FileOnDisk> {
  const temporary = path + TEMPORARY;
  let bytes = 0;
  let crc = 0;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      for (const part of storedParts(seal, path, parts)) {
        await writeAll(file, part);
        bytes += part.length;
        crc = crc32(part, crc);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return { bytes, crc };
  } catch (cause) {
    await rm(temporary, { force: true });
    throw diskError(cause, path);
  }
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Replaces a file atomically and durably. */
export async function replaceDurably(path: string, bytes: Uint8Array): Promise<void> {
  await writeDurably(path, [bytes], undefined);
  await syncDirectory(dirname(path));
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
    at += bytesWritten;
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A full disk by its code; anything else as it came. */
export function diskError(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code !== 'string' || !FULL.has(code)) return cause;
  return new GenotypeError('genotypes/disk-full', `no space left to write ${path}; nothing was changed`, {
    cause,
    location: { file: path },
    publicMessage: 'the store has no space left',
  });
}
