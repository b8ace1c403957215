import { TlogError } from '../errors.ts';
import { HASH_SIZE } from '../merkle/hash.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** The head of a log: which log, how many entries, and the root of its tree (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  /** Up to 2^53 − 1. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines, opaque; usually none. */
  readonly extensions?: readonly string[];
}

/** The text of a checkpoint, as it is signed. */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  const text = `${[origin, size, toBase64(root), ...extensions].join('\n')}\n`;
  parseCheckpoint(text);
  return text;
}

/** Reads the text of a checkpoint strictly; throws `tlog/bad-note`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin, size, root, ...rest] = lines;
  const extensions = rest.slice(0, -1);
  if (rest.at(-1) !== '' || [origin, ...extensions].some((line) => line === undefined || line === ''))
    throw bad('lines that are not empty: origin, size, root and extensions');
  if (size === undefined || !/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw bad(`a size in decimal digits, not ${size}`);
  const hash = fromBase64(root ?? '');
  if (origin === undefined || hash?.length !== HASH_SIZE) throw bad(`a root of ${HASH_SIZE} bytes in base64`);
  return { origin, size: Number(size), root: hash, ...(extensions.length > 0 ? { extensions } : {}) };
}

const bad = (expected: string) => new TlogError('tlog/bad-note', `a checkpoint has ${expected}`);
