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

/** Signs with the current key of a purpose, as it is now; for less time than a key that was replaced is kept. */
export async function currentSigner(
  keys: Pick<SigningKeys, 'signingKeys' | 'sign'>,
  purpose: 'ledger' | 'witness',
  member: string,
): Promise<NoteSigner> {
  const [current] = await keys.signingKeys(purpose);
  if (current === undefined) throw new NodeError('node/key-missing', `there is no key for ${purpose}`);
  const key =
    purpose === 'ledger'
      ? keyOf(member, current, 'note')
      : keyOf(witnessName(member), current, 'cosignature');
  return {
    key,
    sign: async (message) => (await keys.sign(purpose, message, current.id)).signature,
  };
}

function ofPurpose(keys: readonly MemberKey[], purpose: MemberKeyPurpose): readonly MemberKey[] {
  return keys.filter((key) => key.purpose === purpose);
}

function keyOf(name: string, { publicKey }: MemberKey, type: NoteKeyType): NoteKey {
  return noteKey(name, Buffer.from(publicKey.x ?? '', 'base64url'), type);
}
