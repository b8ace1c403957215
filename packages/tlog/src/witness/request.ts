import { TlogError } from '../errors.ts';
import { formatProofLines, parseProofLines } from '../merkle/proof-lines.ts';
import { type Checkpoint, parseCheckpoint } from '../notes/checkpoint.ts';
import { parseNote, type SignedNote } from '../notes/note.ts';

/** What a log asks of a witness: to cosign a checkpoint, shown to continue the one that it cosigned last. */
export interface AddCheckpoint {
  /** Size of the checkpoint that the witness cosigned last; 0 for none. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** Signed note. */
  readonly checkpoint: string;
}

/** The body of a request `add-checkpoint` (C2SP tlog-witness). */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  return `old ${oldSize}\n${formatProofLines(proof)}\n${checkpoint}`;
}

/** Reads the body of a request `add-checkpoint`; throws `tlog/bad-request`. */
export function parseAddCheckpoint(
  body: string,
): AddCheckpoint & { readonly note: SignedNote; readonly head: Checkpoint } {
  const end = body.indexOf('\n\n');
  const [first, ...lines] = body.slice(0, Math.max(end, 0)).split('\n');
  const oldSize = /^old (0|[1-9]\d{0,15})$/.exec(first ?? '')?.[1];
  if (oldSize === undefined || !Number.isSafeInteger(Number(oldSize)))
    throw new TlogError(
      'tlog/bad-request',
      'expected “old <size>”, the lines of a proof, an empty line, and a checkpoint',
    );
  try {
    const checkpoint = body.slice(end + 2);
    const note = parseNote(checkpoint);
    const proof = parseProofLines(lines);
    return { oldSize: Number(oldSize), proof, checkpoint, note, head: parseCheckpoint(note.text) };
  } catch (error) {
    throw new TlogError(
      'tlog/bad-request',
      error instanceof Error ? error.message : 'the request cannot be read',
      {
        cause: error,
      },
    );
  }
}
