import { TlogError } from '../errors.ts';
import { leafHash } from '../merkle/hash.ts';
import { verifyInclusion } from '../merkle/proof.ts';
import { formatProofLines, parseProofLines } from '../merkle/proof-lines.ts';
import { fromBase64, toBase64 } from '../notes/base64.ts';
import { type Policy, type VerifiedCheckpoint, verifyCheckpoint } from '../notes/policy.ts';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

/** That an entry is in a log, to be checked offline (C2SP tlog-proof; files end in `.tlog-proof`). */
export interface Receipt {
  /** Number of the entry in the log, from 0. */
  readonly index: number;
  /** The audit path, from the leaf up. */
  readonly proof: readonly Uint8Array[];
  /** Signed note, with its cosignatures. */
  readonly checkpoint: string;
  /** Bytes for the application. Nothing authenticates them. */
  readonly extra?: Uint8Array;
}

/** The text form of a receipt. */
export function formatReceipt({ index, proof, checkpoint, extra }: Receipt): string {
  const extraLine = extra === undefined ? '' : `extra ${toBase64(extra)}\n`;
  return `${FIRST_LINE}\n${extraLine}index ${index}\n${formatProofLines(proof)}\n${checkpoint}`;
}

/** Reads the text form of a receipt; throws `tlog/bad-proof`. */
export function parseReceipt(text: string): Receipt {
  const end = text.indexOf('\n\n');
  if (end < 0) throw bad('an empty line before its checkpoint');
  const [first, ...lines] = text.slice(0, end).split('\n');
  if (first !== FIRST_LINE) throw bad(`${FIRST_LINE} as its first line`);
  const extra = lines[0]?.startsWith('extra ') ? readExtra(lines.shift() ?? '') : undefined;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index))) throw bad('a line “index <number>”');
  return {
    index: Number(index),
    proof: parseProofLines(lines),
    checkpoint: text.slice(end + 2),
    ...(extra === undefined ? {} : { extra }),
  };
}

/**
 * Checks that a log holds `entry` as a receipt says, under a checkpoint that the policy believes. Throws
 * `tlog/bad-proof`, `tlog/out-of-range`, and what `verifyCheckpoint` throws.
 */
export function verifyReceipt(
  receipt: string | Receipt,
  entry: Uint8Array,
  policy: Policy,
): VerifiedCheckpoint & { readonly index: number } {
  const { index, proof, checkpoint } = typeof receipt === 'string' ? parseReceipt(receipt) : receipt;
  const verified = verifyCheckpoint(checkpoint, policy);
  verifyInclusion(proof, { index, size: verified.size, leaf: leafHash(entry), root: verified.root });
  return { ...verified, index };
}

function readExtra(line: string): Uint8Array {
  const bytes = fromBase64(line.slice('extra '.length));
  if (bytes === undefined) throw bad('base64 in its line “extra”');
  return bytes;
}

const bad = (expected: string) => new TlogError('tlog/bad-proof', `a receipt has ${expected}`);
