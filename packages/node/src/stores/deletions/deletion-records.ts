import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StoreInventory } from '@federome/genotypes';
import { NodeError } from '../../errors.ts';
import { cannotWrite, replaceFile, syncDirectory } from '../atomic-file.ts';

const FORMAT = 'federome-deletion 1';
/** What the first record has as the hash of the one before. */
const NOTHING_BEFORE = '0'.repeat(64);
const NAME = /^(\d{6})(\.pending)?\.json$/;

/** What was deleted, when and by whom. Holds no personal data: files are told by name, size and digest. */
export interface Deletion extends StoreInventory {
  readonly dataset: string;
  /** Where the files lay, within the home. */
  readonly directory: string;
  readonly by: string;
  /** ISO 8601 instant. */
  readonly at: string;
}

/** A deletion in its place among all of the node. */
export interface DeletionRecord extends Deletion {
  readonly format: typeof FORMAT;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Hash of the record before. */
  readonly previous: string;
  /** SHA-256 of the JSON of everything above, in that order. */
  readonly hash: string;
}

/**
 * The records of a node's deletions: a chain of files, each with the hash of the one before. A record is pending from the
 * moment the deletion can no longer be taken back until nothing of it is left to do.
 */
export class DeletionRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes a deletion durable that has yet to be done. */
  async begin(deletion: Deletion): Promise<DeletionRecord> {
    const before = (await this.all()).at(-1)?.record;
    const { dataset, directory, store, keys, files, by, at } = deletion;
    const sequence = (before?.sequence ?? 0) + 1;
    const previous = before?.hash ?? NOTHING_BEFORE;
    const content = {
      format: FORMAT,
      sequence,
      previous,
      dataset,
      directory,
      store,
      by,
      at,
      keys,
      files,
    } as const;
    const record: DeletionRecord = { ...content, hash: hashOf(content) };
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw cannotWrite(this.#directory, cause);
    }
    await replaceFile(
      this.#path(sequence, '.pending'),
      async (file) => await file.writeFile(`${JSON.stringify(record, null, 1)}\n`),
      0o600,
    );
    return record;
  }

  /** Says that nothing of a deletion is left to do; another process may have said so. */
  async complete({ sequence }: DeletionRecord): Promise<void> {
    const pending = this.#path(sequence, '.pending');
    if (!existsSync(pending)) return;
    await rename(pending, this.#path(sequence, ''));
    await syncDirectory(this.#directory);
  }

  /** Deletions that were cut off; costs next to nothing where there are none. */
  async pending(): Promise<readonly DeletionRecord[]> {
    const names = (await this.#names()).filter((name) => NAME.exec(name)?.[2] !== undefined);
    return await Promise.all(names.map((name) => readRecord(join(this.#directory, name))));
  }

  /** Every record in order, as it stands in its file; `node/store` where one is no record. */
  async all(): Promise<readonly { readonly record: DeletionRecord; readonly pending: boolean }[]> {
    return await Promise.all(
      (await this.#names()).map(async (name) => ({
        record: await readRecord(join(this.#directory, name)),
        pending: NAME.exec(name)?.[2] !== undefined,
      })),
    );
  }

  async #names(): Promise<readonly string[]> {
    if (!existsSync(this.#directory)) return [];
    return (await readdir(this.#directory)).filter((name) => NAME.test(name)).sort();
  }

  #path(sequence: number, state: '' | '.pending'): string {
    return join(this.#directory, `${String(sequence).padStart(6, '0')}${state}.json`);
  }
}

/** What is wrong with the chain, in words; empty where it holds. */
export function faultsOfChain(records: readonly DeletionRecord[]): readonly string[] {
  const faults: string[] = [];
  let previous = NOTHING_BEFORE;
  records.forEach((record, place) => {
    const { hash, ...content } = record;
    const name = `the record of deletion ${record.sequence}`;
    if (hashOf(content) !== hash) faults.push(`${name} was changed after it was written`);
    if (record.sequence !== place + 1 || record.previous !== previous) {
      faults.push(`${name} does not follow the one before it: a record was removed or put in`);
    }
    previous = hash;
  });
  return faults;
}

function hashOf(content: Omit<DeletionRecord, 'hash'>): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

async function readRecord(path: string): Promise<DeletionRecord> {
  const refuse = (cause?: unknown) =>
    new NodeError('node/store', 'this is no record of a deletion', { location: { file: path }, cause });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw refuse(cause);
  }
  if (!isRecord(value) || Number(basename(path).slice(0, 6)) !== value.sequence) throw refuse();
  return value;
}

function isRecord(value: unknown): value is DeletionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['dataset', 'directory', 'store', 'by', 'at', 'previous', 'hash'] as const;
  const given: { readonly [Key in keyof DeletionRecord]?: unknown } = value;
  return (
    given.format === FORMAT &&
    texts.every((key) => typeof given[key] === 'string') &&
    Array.isArray(given.keys) &&
    Array.isArray(given.files) &&
    given.files.every(
      (file: unknown) =>
        typeof file === 'object' &&
        file !== null &&
        'file' in file &&
        typeof file.file === 'string' &&
        'sha256' in file &&
        'bytes' in file,
    )
  );
}
