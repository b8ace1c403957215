import { cosignedMessage, writeCosignature } from './cosignature.ts';
import type { NoteKey } from './key.ts';
import { formatNote, type NoteSignature } from './note.ts';

/** Signs with a private key that stays elsewhere: `sign` gives the 64 bytes of Ed25519 over the message. */
export interface NoteSigner {
  readonly key: NoteKey;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The signers of now: a list, or a function where keys rotate while the log is open. */
export type Signers = readonly NoteSigner[] | (() => readonly NoteSigner[]);

/** The signature of a text that ends in a newline. A signer of cosignatures needs the time in seconds. */
export async function signText(
  text: string,
  signer: NoteSigner,
  time = Math.floor(Date.now() / 1000),
): Promise<NoteSignature> {
  const { name, id, type } = signer.key;
  if (type === 'note') return { name, id, signature: await signer.sign(Buffer.from(text)) };
  const signature = await signer.sign(Buffer.from(cosignedMessage(text, time)));
  return { name, id, signature: writeCosignature(time, signature) };
}

/** A note of the text, signed by every signer. */
export async function signNote(text: string, signers: Signers): Promise<string> {
  const all = typeof signers === 'function' ? signers() : signers;
  return formatNote({ text, signatures: await Promise.all(all.map((signer) => signText(text, signer))) });
}
