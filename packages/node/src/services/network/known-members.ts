import type { Fetch } from '@federome/client';
import type { MemberRow } from '../../stores/records/records.ts';

/** Nodes of the signed directory, whom requests reach signed. */
export interface SignedMembers {
  /** None where this node is in no network. Throws `node/directory-expired`: nobody is left out in silence. */
  list(): Promise<readonly MemberRow[]>;
  /** A `fetch` to one of them. */
  fetchFor(member: string): Fetch;
}

/** Somebody to be asked. */
export interface KnownMember {
  readonly row: MemberRow;
  /** Only of members of the directory. */
  readonly fetch: Fetch | undefined;
}

/**
 * Whom a question goes to: the members of the directory, and Beacons that the operator listed for public questions.
 * Nobody is asked twice: who is in both, by id or by address, is asked as a member.
 */
export async function knownMembers(
  listed: readonly MemberRow[],
  signed: SignedMembers | undefined,
): Promise<readonly KnownMember[]> {
  const members = (await signed?.list()) ?? [];
  const others = listed.filter(
    ({ id, url }) => !members.some((member) => member.id === id || member.url === url),
  );
  return [
    ...members.map((row) => ({ row, fetch: signed?.fetchFor(row.id) })),
    ...others.map((row) => ({ row, fetch: undefined })),
  ];
}
