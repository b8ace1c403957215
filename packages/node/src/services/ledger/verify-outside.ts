import { eventText, type LedgerReceipt } from '@federome/core';
import {
  formatNote,
  type Policy,
  parseCheckpoint,
  parseNote,
  type ReadPath,
  sameHash,
  TileReader,
  type VerifiedCheckpoint,
  verifyCheckpoint,
  verifyLog,
  verifyReceipt,
} from '@federome/tlog';
import { NodeError } from '../../errors.ts';
import { entryOf } from './commitments.ts';

/** What a receipt proves. */
export interface VerifiedLedgerReceipt {
  readonly origin: string;
  readonly index: number;
  /** Entries of the log under the head of the receipt. */
  readonly size: number;
  readonly cosignatures: readonly { readonly name: string; readonly at: string }[];
}

/** Checks a receipt offline. Throws what `verifyReceipt` of the log throws (`tlog/…`). */
export function verifyLedgerReceipt(receipt: LedgerReceipt, policy: Policy): VerifiedLedgerReceipt {
  const { salt, event, proof } = receipt;
  const verified = verifyReceipt(proof, entryOf({ salt, event: eventText(event) }), policy);
  const { origin, index, size } = verified;
  return { origin, index, size, cosignatures: cosignersOf(verified) };
}

/** What was found of a log that is read from elsewhere. */
export interface VerifiedRemoteLog {
  readonly origin: string;
  readonly size: number;
  /** Signed note, to be remembered until the next time. */
  readonly checkpoint: string;
  readonly cosignatures: readonly { readonly name: string; readonly at: string }[];
  /** Entries of the remembered head that this log continues. */
  readonly continues: number | undefined;
}

/**
 * Reads a whole log, from a server or a directory, and holds it against a policy and a head that is remembered from
 * before. Throws `node/ledger-broken` where the log does not continue that one, and `tlog/…`.
 */
export async function verifyRemoteLog(
  read: ReadPath,
  policy: Policy,
  remembered?: string | undefined,
): Promise<VerifiedRemoteLog> {
  const { checkpoint } = await verifyLog(read, { policy });
  const { origin, size } = checkpoint;
  const continues =
    remembered === undefined ? undefined : await requireContinued(read, checkpoint, remembered, policy);
  return {
    origin,
    size,
    checkpoint: formatNote(checkpoint.note),
    cosignatures: cosignersOf(checkpoint),
    continues,
  };
}

async function requireContinued(
  read: ReadPath,
  now: VerifiedCheckpoint,
  remembered: string,
  policy: Policy,
): Promise<number> {
  const { size, root, origin } = verifyCheckpoint(remembered, { ...policy, quorum: 'none' });
  const broken = (why: string) => new NodeError('node/ledger-broken', why);
  if (origin !== now.origin)
    throw broken(`the remembered head is of ${origin}, and this log of ${now.origin}`);
  if (size > now.size)
    throw broken(`the log was rolled back: it has ${now.size} entries, and had ${size} before`);
  if (!sameHash(await new TileReader(read, now.size).root(size), root))
    throw broken(`the log was rewritten: its first ${size} entries are not those of before`);
  return size;
}

/** Which log a signed head is of, before anything is verified. */
export function originOf(note: string): string {
  return parseCheckpoint(parseNote(note).text).origin;
}

function cosignersOf({ cosignatures }: VerifiedCheckpoint): VerifiedRemoteLog['cosignatures'] {
  return cosignatures.map(({ name, time = 0 }) => ({ name, at: new Date(time * 1_000).toISOString() }));
}
