import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { GenotypeError } from '../errors.ts';
import { type FileSeal, TAG_BYTES } from './file-seal.ts';
import { SALT_BYTES, type StoreSeal } from './store-seal.ts';

/** Content of a sealed section: small reads cost hardly more than of 4 KiB, long ones little more than of 64 KiB. */
export const CHUNK_BYTES = 16_384;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** A file as it lies on the disk: what a scrub needs that has no key. */
export interface FileOnDisk {
  readonly bytes: number;
  readonly crc: number;
}

/** Bytes that so many bytes of content take up on the disk. */
export function storedBytesOf(bytes: number, sealed: boolean): number {
  if (!sealed) return bytes;
  return SALT_BYTES + bytes + TAG_BYTES * Math.ceil(bytes / CHUNK_BYTES);
}

/**
 * What is written of a file's content: the content itself in a plain store; in a sealed one the file's salt and then
 * each `CHUNK_BYTES` of content (the last may be shorter) sealed in its place. Whoever reads must know how long the
 * content is, from the manifest: an end that is missing is then missed.
 */
export function* storedParts(
  seal: StoreSeal | undefined,
  path: string,
  parts: Iterable<Uint8Array>,
): Generator<Uint8Array> {
  if (seal === undefined) {
    yield* parts;
    return;
  }
  const file = seal.newFile(path);
  yield file.salt;
  const chunk = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  let place = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const taken = Math.min(part.length - at, CHUNK_BYTES - filled);
      chunk.set(part.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < CHUNK_BYTES) continue;
      yield file.seal(place++, chunk);
      filled = 0;
    }
  }
  if (filled > 0) yield file.seal(place, chunk.subarray(0, filled));
  chunk.fill(0);
}

/**
 * Reads content of one immutable file of a store anywhere, decrypted in memory where the store is sealed. A file that
 * is absent, or of another length than its content takes up, is `genotypes/corrupt`, and so is a seal that does not
 * hold; a plain file's bytes are the caller's to check. Nothing is kept open or cached between reads.
 */
export class StoredFile {
  readonly path: string;
  /** Length of the content. */
  readonly bytes: number;
  readonly #seal: StoreSeal | undefined;
  #fileSeal: FileSeal | undefined;

  constructor(path: string, bytes: number, seal: StoreSeal | undefined) {
    this.path = path;
    this.bytes = bytes;
    this.#seal = seal;
  }

  /** The content of `[at, at + length)`, which must lie within the file. */
  async read(at: number, length: number): Promise<Uint8Array> {
    if (at < 0 || length < 0 || at + length > this.bytes) throw this.#damaged('it ends too early');
    const file = await open(this.path, 'r').catch((cause: unknown) => {
      throw this.#damaged('it cannot be read', cause);
    });
    try {
      if (this.#seal === undefined) return await this.#bytes(file, at, length);
      return await this.#opened(file, this.#seal, at, length);
    } finally {
      await file.close();
    }
  }

  /** The whole content; the file must not be longer than it either. */
  async readAll(): Promise<Uint8Array> {
    const file = await open(this.path, 'r').catch((cause: unknown) => {
      throw this.#damaged('it cannot be read', cause);
    });
    try {
      const { size } = await file.stat();
      if (size !== storedBytesOf(this.bytes, this.#seal !== undefined))
        throw this.#damaged('its length is another');
    } finally {
      await file.close();
    }
    return await this.read(0, this.bytes);
  }

  /** As `readAll`, waiting for the disk. */
  readAllSync(): Uint8Array {
    let stored: Uint8Array;
    try {
      stored = readFileSync(this.path);
    } catch (cause) {
      throw this.#damaged('it cannot be read', cause);
    }
    if (stored.length !== storedBytesOf(this.bytes, this.#seal !== undefined))
      throw this.#damaged('its length is another');
    if (this.#seal === undefined || this.bytes === 0) return stored.subarray(0, this.bytes);
    this.#fileSeal ??= this.#seal.file(this.path, stored.slice(0, SALT_BYTES));
    return openChunks(this.#fileSeal, stored.subarray(SALT_BYTES), 0, 0, this.bytes);
  }

  async #opened(file: FileHandle, seal: StoreSeal, at: number, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0);
    const [first, end] = [Math.floor(at / CHUNK_BYTES), Math.ceil((at + length) / CHUNK_BYTES)];
    // A first read begins with the salt, which lies before the header.
    const withSalt = this.#fileSeal === undefined && first === 0;
    const from = withSalt ? 0 : SALT_BYTES + first * SEALED_CHUNK_BYTES;
    const to = Math.min(SALT_BYTES + end * SEALED_CHUNK_BYTES, storedBytesOf(this.bytes, true));
    const stored = await this.#bytes(file, from, to - from);
    const salt = withSalt ? stored.slice(0, SALT_BYTES) : undefined;
    this.#fileSeal ??= seal.file(this.path, salt ?? (await this.#bytes(file, 0, SALT_BYTES)));
    const chunks = withSalt ? stored.subarray(SALT_BYTES) : stored;
    return openChunks(this.#fileSeal, chunks, first, at - first * CHUNK_BYTES, length);
  }

  async #bytes(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
      if (bytesRead === 0) throw this.#damaged('it ends too early');
      filled += bytesRead;
    }
    return bytes;
  }

  #damaged(how: string, cause?: unknown): GenotypeError {
    return new GenotypeError('genotypes/corrupt', `the file was damaged after it was written: ${how}`, {
      location: { file: this.path },
      publicMessage: 'stored genotypes are damaged',
      cause,
    });
  }
}

/** `length` bytes of content, `skipped` bytes into what the chunks from `first` on hold. */
function openChunks(
  seal: FileSeal,
  chunks: Uint8Array,
  first: number,
  skipped: number,
  length: number,
): Uint8Array {
  if (chunks.length <= SEALED_CHUNK_BYTES)
    return seal.open(first, chunks).subarray(skipped, skipped + length);
  const raw = new Uint8Array(length);
  for (let at = 0, from = skipped; at < length; from = 0) {
    const place = Math.floor((skipped + at) / CHUNK_BYTES);
    const begin = place * SEALED_CHUNK_BYTES;
    const chunk = seal.open(first + place, chunks.subarray(begin, begin + SEALED_CHUNK_BYTES));
    const part = chunk.subarray(from, from + length - at);
    raw.set(part, at);
    at += part.length;
  }
  return raw;
}
