import {
  type Checkpoint,
  type NoteKey,
  parseCheckpoint,
  parseNote,
  type ReadPath,
  sameHash,
  TileReader,
  TlogError,
  verifyConsistency,
  verifyNote,
} from '@federome/tlog';

/** A head that a log signed: its text proves what the log said. */
export interface SignedHead extends Checkpoint {
  readonly note: string;
}

/** A head of the log of `origin`, signed by one of `keys`; `undefined` where it is not: it then proves nothing. */
export function signedHead(note: string, origin: string, keys: readonly NoteKey[]): SignedHead | undefined {
  try {
    const parsed = parseNote(note);
    const head = parseCheckpoint(parsed.text);
    const own = keys.filter(({ type, name }) => type === 'note' && name === origin);
    if (head.origin !== origin || verifyNote(parsed, own).length === 0) return undefined;
    return { ...head, note };
  } catch (error) {
    if (error instanceof TlogError) return undefined;
    throw error;
  }
}

/**
 * Whether two heads of one log are of one history, as the log's tiles show it: `same`; `forked` where they cannot be;
 * `unshown` where the log does not serve what would show it.
 */
export async function compareHeads(
  one: SignedHead,
  other: SignedHead,
  read: ReadPath,
): Promise<'same' | 'forked' | 'unshown'> {
  const [old, next] = one.size <= other.size ? [one, other] : [other, one];
  if (old.size === next.size) return sameHash(old.root, next.root) ? 'same' : 'forked';
  if (old.size === 0) return 'same';
  try {
    const proof = await new TileReader(read, next.size).consistencyProof(old.size, next.size);
    verifyConsistency(proof, { oldSize: old.size, oldRoot: old.root, size: next.size, root: next.root });
    return 'same';
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return error.code === 'tlog/bad-proof' ? 'forked' : 'unshown';
  }
}
