import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { TlogError } from '../errors.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** What a key signs: `note`, the text itself (type 0x01); `cosignature`, a checkpoint at a time (type 0x04). */
export type NoteKeyType = 'note' | 'cosignature';

/** A public Ed25519 key with the name under which it signs notes. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  /** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key), in hexadecimal. */
  readonly id: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
}

const TYPE_BYTES: Readonly<Record<NoteKeyType, number>> = { note: 1, cosignature: 4 };
const PUBLIC_KEY_SIZE = 32;

/** A key for notes from its name and its 32 raw bytes; throws `tlog/bad-key`. */
export function noteKey(name: string, publicKey: Uint8Array, type: NoteKeyType = 'note'): NoteKey {
  if (!isKeyName(name))
    throw new TlogError('tlog/bad-key', `the name of a key is empty, or has a space or plus: ${name}`);
  if (publicKey.length !== PUBLIC_KEY_SIZE)
    throw new TlogError('tlog/bad-key', `an Ed25519 key has 32 bytes, not ${publicKey.length}`);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typedKey(type, publicKey)]), 'hex');
  return { name, type, id: id.slice(0, 8), publicKey };
}

/** Whether a text may name a key: not empty, without Unicode spaces, control characters and plus (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return /^[^\s\u0085+\p{Cc}\p{Cs}]+$/u.test(name);
}

/** The text form of a key, `<name>+<id>+<base64 of type and key>` (C2SP signed-note, “vkey”). */
export function formatVerifierKey(key: NoteKey): string {
  return `${key.name}+${key.id}+${toBase64(typedKey(key.type, key.publicKey))}`;
}

/** Reads the text form of a key; throws `tlog/bad-key` also where the id is not that of the key. */
export function parseVerifierKey(text: string): NoteKey {
  const [name, id, encoded, ...rest] = text.split('+');
  // Base64 may hold a plus itself, so whatever follows the id belongs to it.
  const bytes = encoded === undefined ? undefined : fromBase64([encoded, ...rest].join('+'));
  const type = (Object.keys(TYPE_BYTES) as NoteKeyType[]).find((each) => TYPE_BYTES[each] === bytes?.[0]);
  if (name === undefined || bytes === undefined || type === undefined)
    throw new TlogError(
      'tlog/bad-key',
      `expected <name>+<id>+<base64> of an Ed25519 key of type 1 or 4: ${text}`,
    );
  const key = noteKey(name, bytes.subarray(1), type);
  if (key.id !== id) throw new TlogError('tlog/bad-key', `the id of ${text} is not ${key.id}`);
  return key;
}

/** The 32 raw bytes of a public (or private) Ed25519 key of node:crypto; throws `tlog/bad-key` for another kind. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  const { kty, crv, x } = key.export({ format: 'jwk' });
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined)
    throw new TlogError('tlog/bad-key', `expected an Ed25519 key, not ${key.asymmetricKeyType}`);
  return new Uint8Array(Buffer.from(x, 'base64url'));
}

/** Whether the Ed25519 signature is that of the key over these bytes. */
export function isSignedBy(key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(key.publicKey).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, message, publicKey, signature);
}

function typedKey(type: NoteKeyType, publicKey: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(TYPE_BYTES[type]), publicKey]);
}
