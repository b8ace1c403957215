import { CONSENT_SCOPES } from '@federome/core';
import { oneOf } from '../../database/columns.ts';
import { batchesOf, type Database, type Tables } from '../../database/tables.ts';
import type { ConsentEvent } from '../records.ts';
import { bumpRevision } from './datasets.ts';

/** `db` is a transaction. */
export async function appendConsents(
  db: Database,
  dataset: string,
  events: readonly ConsentEvent[],
): Promise<void> {
  await bumpRevision(db, dataset);
  const rows = events.map((event) => ({
    dataset,
    subject: event.subject,
    scope: event.scope,
    decision: event.decision,
    decided_at: event.decidedAt,
  }));
  for (const batch of batchesOf(rows, 5)) await db.insertInto('consent_event').values(batch).execute();
  // One statement may touch a row only once: of several decisions on the same, the last stands.
  const latest = new Map(rows.map((row) => [`${row.scope} ${row.subject}`, row]));
  for (const batch of batchesOf(latest.values(), 5)) {
    await db
      .insertInto('consent_current')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['dataset', 'subject', 'scope']).doUpdateSet((excluded) => ({
          decision: excluded.ref('excluded.decision'),
          decided_at: excluded.ref('excluded.decided_at'),
        })),
      )
      .execute();
  }
}

export async function currentConsents(db: Database, dataset: string): Promise<readonly ConsentEvent[]> {
  const rows = await db
    .selectFrom('consent_current')
    .selectAll()
    .where('dataset', '=', dataset)
    .orderBy('subject')
    .orderBy('scope')
    .execute();
  return rows.map(eventOf);
}

export async function consentHistory(
  db: Database,
  dataset: string,
  subject: string,
): Promise<readonly ConsentEvent[]> {
  const rows = await db
    .selectFrom('consent_event')
    .selectAll()
    .where('dataset', '=', dataset)
    .where('subject', '=', subject)
    .orderBy('sequence')
    .execute();
  return rows.map(eventOf);
}

function eventOf(row: Tables['consent_current']): ConsentEvent {
  return {
    subject: row.subject,
    scope: oneOf(CONSENT_SCOPES, row.scope),
    decision: oneOf(['permit', 'deny'], row.decision),
    decidedAt: row.decided_at,
  };
}
