import type { Database } from '../../database/tables.ts';
import type { MemberRow } from '../records.ts';

export async function putMember(db: Database, member: MemberRow): Promise<void> {
  const { addedAt: added_at, ...rest } = member;
  await db
    .insertInto('member')
    .values({ ...rest, added_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...rest, added_at }))
    .execute();
}

export async function removeMember(db: Database, id: string): Promise<void> {
  await db.deleteFrom('member').where('id', '=', id).execute();
}

export async function members(db: Database): Promise<readonly MemberRow[]> {
  const rows = await db.selectFrom('member').selectAll().orderBy('country').orderBy('id').execute();
  return rows.map(({ added_at: addedAt, ...rest }) => ({ ...rest, addedAt }));
}
