import { TlogError } from '../errors.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { cosignedMessage, readCosignature } from './cosignature.ts';
import { isKeyName, isSignedBy, type NoteKey } from './key.ts';

/** Bytes that a note may have; more is refused unread. */
export const MAX_NOTE_SIZE = 1_000_000;
/** Signatures that a note may have. The specification asks for 16 at least; a network of states has more witnesses. */
export const MAX_SIGNATURES = 256;

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  /** What follows the id: 64 bytes of Ed25519, for cosignatures after 8 bytes of time. */
  readonly signature: Uint8Array;
}

/** A text and who signed it (C2SP signed-note). Nothing of it is true before `verifyNote`. */
export interface SignedNote {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that verified. */
export interface VerifiedSignature extends NoteSignature {
  readonly key: NoteKey;
  /** When a cosignature was made, in seconds since 1970; undefined for signatures of the text itself. */
  readonly time?: number;
}

/** Reads a note strictly; throws `tlog/bad-note`. */
export function parseNote(note: string): SignedNote {
  if (Buffer.byteLength(note) > MAX_NOTE_SIZE) throw bad(`longer than ${MAX_NOTE_SIZE} bytes`);
  if (!note.isWellFormed() || hasControls(note)) throw bad('has control characters, or is no Unicode text');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n'))
    throw bad('has no empty line before its signatures, or no last newline');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw bad(`has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

/** Reads a signature line without its newline; throws `tlog/bad-note`. */
export function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...rest] = line.split(' ');
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (
    dash !== '—' ||
    name === undefined ||
    !isKeyName(name) ||
    bytes === undefined ||
    bytes.length < 5 ||
    rest.length > 0
  )
    throw bad('has a line that is no signature; expected “— <name> <base64>”');
  return { name, id: Buffer.from(bytes.subarray(0, 4)).toString('hex'), signature: bytes.subarray(4) };
}

/** The text form of a note. */
export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/** The line of a signature, with its newline. */
export function formatSignature({ name, id, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(Buffer.concat([Buffer.from(id, 'hex'), signature]))}\n`;
}

/**
 * The signatures of the note by the keys that are trusted, one a key; those of unknown keys are passed over. Throws
 * `tlog/bad-signature` where a trusted key's signature does not verify, or none is by a trusted key.
 */
export function verifyNote(note: SignedNote, keys: readonly NoteKey[]): readonly VerifiedSignature[] {
  const verified = new Map<NoteKey, VerifiedSignature>();
  for (const signature of note.signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (key !== undefined && !verified.has(key))
      verified.set(key, verifySignature(note.text, signature, key));
  }
  if (verified.size === 0) throw new TlogError('tlog/bad-signature', 'no trusted key signed the note');
  return [...verified.values()];
}

/** Checks one signature of a text against its key; throws `tlog/bad-signature`. */
export function verifySignature(text: string, signature: NoteSignature, key: NoteKey): VerifiedSignature {
  const { time, bytes } =
    key.type === 'cosignature'
      ? readCosignature(signature.signature)
      : { time: undefined, bytes: signature.signature };
  const message = time === undefined ? text : cosignedMessage(text, time);
  if (bytes.length !== 64 || !isSignedBy(key, Buffer.from(message), bytes))
    throw new TlogError('tlog/bad-signature', `the signature of ${key.name} does not verify`);
  return { ...signature, key, ...(time === undefined ? {} : { time }) };
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}

const bad = (what: string) => new TlogError('tlog/bad-note', `the signed note ${what}`);
