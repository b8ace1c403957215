import type { DirectoryDocument, DirectorySignature, MemberKeyPurpose } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { DirectoryStore } from '../../stores/directory/directory-store.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { PeerAt } from './peer.ts';

/** What the directory's parts are built on. */
export interface DirectoryPorts {
  /** This member's id. */
  readonly self: string;
  readonly store: DirectoryStore;
  readonly keys: SigningKeys;
  readonly now: () => Date;
  readonly peerAt: PeerAt;
}

/** How far clocks may be apart. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Every purpose of which a member has a key in the directory. */
export const MEMBER_KEY_PURPOSES: readonly MemberKeyPurpose[] = [
  'visa',
  'identity',
  'request',
  'ledger',
  'witness',
  'directory',
];

/**
 * Signs as this member, with a key that the document gives it: after a rotation the new one is not in the directory yet.
 * Throws `node/key-missing` where no such key is left.
 */
export async function signAs(
  { self, keys }: Pick<DirectoryPorts, 'self' | 'keys'>,
  document: DirectoryDocument,
  bytes: Uint8Array,
): Promise<DirectorySignature> {
  const listed = document.members.find(({ id }) => id === self)?.keys ?? [];
  const mine = await keys.signingKeys('directory');
  const key = mine.find(({ id }) => listed.some((each) => each.id === id));
  if (key === undefined) {
    throw new NodeError(
      'node/key-missing',
      `none of the directory keys of '${self}' is in the directory of members: it has to be entered anew (federome member join --rekey)`,
      { publicMessage: 'this member has no key in the directory' },
    );
  }
  const { keyId, signature } = await keys.sign('directory', bytes, key.id);
  return { member: self, keyId, signature: Buffer.from(signature).toString('base64url') };
}

/** Whether this member may sign versions: it is a node of the latest one. */
export function isNodeOf(document: DirectoryDocument, member: string): boolean {
  return document.members.some(({ id, role }) => id === member && role === 'node');
}
