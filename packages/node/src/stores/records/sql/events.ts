import { jsonObject } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import type { EventRow } from '../records.ts';

export async function appendEvent(
  db: Database,
  type: string,
  data: Readonly<Record<string, unknown>>,
  at: string,
): Promise<void> {
  await db
    .insertInto('event')
    .values({ type, data: JSON.stringify(data), at })
    .execute();
}

export async function events(
  db: Database,
  afterSequence: number,
  limit: number,
): Promise<readonly EventRow[]> {
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('sequence', '>', afterSequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    at: row.at,
    type: row.type,
    data: jsonObject(row.data),
  }));
}
