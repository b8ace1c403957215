import { type Checkpoint, parseCheckpoint } from '../notes/checkpoint.ts';
import type { NoteKey } from '../notes/key.ts';
import {
  formatNote,
  type NoteSignature,
  parseNote,
  parseSignature,
  type SignedNote,
  verifySignature,
} from '../notes/note.ts';
import type { TileReader } from '../tiles/reader.ts';
import { formatAddCheckpoint } from './request.ts';
import { SIZE_CONTENT_TYPE } from './witness.ts';

/** A witness as its log reaches it: `addCheckpoint` sends the body and gives the answer of HTTP. */
export interface WitnessPeer {
  /** Its keys, of type `cosignature`; two while one replaces the other. */
  readonly keys: readonly NoteKey[];
  addCheckpoint(body: string): Promise<{ status: number; contentType: string; body: string }>;
}

/** What came of asking one witness. */
export type WitnessOutcome =
  | { readonly kind: 'cosigned'; readonly signatures: readonly NoteSignature[] }
  /** It has cosigned a larger tree of this log: ask again with a newer checkpoint, or find out who else writes. */
  | { readonly kind: 'ahead'; readonly size: number }
  /** It refused: `status` and text of its answer. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** It could not be reached, or its answer could not be read. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** The checkpoint with the cosignatures that were got, and what each witness did, in the order given. */
export interface Cosigned {
  /** Signed note. */
  readonly checkpoint: string;
  readonly outcomes: readonly WitnessOutcome[];
}

/** Requests to one witness for one checkpoint: its size may change between the answer 409 and the next request. */
const ATTEMPTS = 3;

/**
 * Asks all witnesses at once to cosign a checkpoint of a log; `tree` is the log's, at least as large. A witness that has
 * another size than `knownSize` tells gets the proof from that one. Never throws for what a witness does.
 */
export async function cosign(
  checkpoint: string,
  tree: Pick<TileReader, 'consistencyProof'>,
  witnesses: readonly WitnessPeer[],
  knownSize: (witness: WitnessPeer) => number = () => 0,
): Promise<Cosigned> {
  const note = parseNote(checkpoint);
  const head = parseCheckpoint(note.text);
  const outcomes = await Promise.all(
    witnesses.map(async (witness): Promise<WitnessOutcome> => {
      try {
        return await askOne(witness, { note, head, tree, checkpoint }, knownSize(witness));
      } catch (error) {
        return { kind: 'failed', error };
      }
    }),
  );
  const got = outcomes.flatMap((outcome) => (outcome.kind === 'cosigned' ? outcome.signatures : []));
  return { checkpoint: addSignatures(note, got), outcomes };
}

/** The note with further signatures; one that is there already, of the same key, is replaced. */
export function addSignatures(note: SignedNote, signatures: readonly NoteSignature[]): string {
  const others = note.signatures.filter((each) => !signatures.some((added) => isSameKey(each, added)));
  return formatNote({ text: note.text, signatures: [...others, ...signatures] });
}

interface Asked {
  readonly note: SignedNote;
  readonly head: Checkpoint;
  readonly checkpoint: string;
  readonly tree: Pick<TileReader, 'consistencyProof'>;
}

async function askOne(witness: WitnessPeer, asked: Asked, knownSize: number): Promise<WitnessOutcome> {
  const { checkpoint, tree, head } = asked;
  let oldSize = Math.min(knownSize, head.size);
  for (let attempt = 1; ; attempt++) {
    const proof = await tree.consistencyProof(oldSize, head.size);
    const answer = await witness.addCheckpoint(formatAddCheckpoint({ oldSize, proof, checkpoint }));
    if (answer.status === 200) return readCosignatures(answer.body, asked.note, witness.keys);
    const size = answer.status === 409 ? sizeOf(answer) : undefined;
    if (size !== undefined && size > head.size) return { kind: 'ahead', size };
    if (size === undefined || size === oldSize || attempt === ATTEMPTS)
      return { kind: 'refused', status: answer.status, message: answer.body.trim() };
    oldSize = size;
  }
}

function readCosignatures(body: string, note: SignedNote, keys: readonly NoteKey[]): WitnessOutcome {
  const lines = body.split('\n').filter((line) => line !== '');
  const signatures = lines.map(parseSignature).filter((signature) => {
    const key = keys.find((each) => isSameKey(each, signature));
    return key !== undefined && verifySignature(note.text, signature, key) !== undefined;
  });
  return signatures.length > 0
    ? { kind: 'cosigned', signatures }
    : { kind: 'refused', status: 200, message: 'none of its signatures is by a key that is known of it' };
}

function sizeOf({ contentType, body }: { contentType: string; body: string }): number | undefined {
  const isSize = contentType.split(';')[0]?.trim() === SIZE_CONTENT_TYPE;
  return isSize && /^(0|[1-9]\d{0,15})\n$/.test(body) ? Number(body) : undefined;
}

function isSameKey(one: { name: string; id: string }, other: { name: string; id: string }): boolean {
  return one.name === other.name && one.id === other.id;
}
