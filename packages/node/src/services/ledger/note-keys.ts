import type { DirectoryMember, MemberKey, MemberKeyPurpose } from '@federome/core';
import { type NoteKey, type NoteKeyType, type NoteSigner, noteKey } from '@federome/tlog';
import { NodeError } from '../../errors.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';

/** The name under which a member's witness signs; its log is named by the member's id alone. */
export function witnessName(member: string): string {
  return `${member}/witness`;
}

/** The keys with which a member signs the heads of its own log. */
export function ledgerKeys({ id, keys }: Pick<DirectoryMember, 'id' | 'keys'>): readonly NoteKey[] {
  return ofPurpose(keys, 'ledger').map((key) => keyOf(id, key, 'note'));
}

/** The keys with which a member cosigns the heads of others' logs. */
export function witnessKeys({ id, keys }: Pick<DirectoryMember, 'id' | 'keys'>): readonly NoteKey[] {
  return ofPurpose(keys, 'witness').map((key) => keyOf(witnessName(id), key, 'cosignature'));
}

/**
 * Signs with the current key of a purpose, and with those that it replaced for as long as they are kept: whoever reads a
 * directory that is a little older finds a key that they know. The current one is the first.
 */
export async function signersOf(
  keys: Pick<SigningKeys, 'signingKeys' | 'sign'>,
  purpose: 'ledger' | 'witness',
  member: string,
): Promise<readonly NoteSigner[]> {
  const all = (await keys.signingKeys(purpose)).filter(({ state }) => state !== 'next');
  if (all.length === 0) throw new NodeError('node/key-missing', `there is no key for ${purpose}`);
  return all.map((key) => ({
    key: purpose === 'ledger' ? keyOf(member, key, 'note') : keyOf(witnessName(member), key, 'cosignature'),
    sign: async (message) => (await keys.sign(purpose, message, key.id)).signature,
  }));
}

function ofPurpose(keys: readonly MemberKey[], purpose: MemberKeyPurpose): readonly MemberKey[] {
  return keys.filter((key) => key.purpose === purpose);
}

function keyOf(name: string, { publicKey }: MemberKey, type: NoteKeyType): NoteKey {
  return noteKey(name, Buffer.from(publicKey.x ?? '', 'base64url'), type);
}
