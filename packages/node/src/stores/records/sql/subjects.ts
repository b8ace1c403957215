import { SEXES, type Sex, type SubjectRecord } from '@federome/core';
import { NodeError } from '../../../errors.ts';
import { oneOf } from '../../database/columns.ts';
import { batchesOf, type Database } from '../../database/tables.ts';
import { bumpRevision } from './datasets.ts';

const PAGE = 1_000;

/** `db` is a transaction. */
export async function putSubjects(
  db: Database,
  dataset: string,
  subjects: readonly SubjectRecord[],
): Promise<void> {
  await bumpRevision(db, dataset);
  for (const batch of batchesOf(subjects, 4)) {
    const rows = batch.map((subject) => ({
      dataset,
      id: subject.id,
      sex: subject.sex,
      record: JSON.stringify(subject),
    }));
    await db
      .insertInto('subject')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['dataset', 'id']).doUpdateSet((excluded) => ({
          sex: excluded.ref('excluded.sex'),
          record: excluded.ref('excluded.record'),
        })),
      )
      .execute();
  }
}

export async function subject(db: Database, dataset: string, id: string): Promise<SubjectRecord | undefined> {
  const row = await db
    .selectFrom('subject')
    .select('record')
    .where('dataset', '=', dataset)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && recordOf(row.record);
}

/** In pages by id, so that memory stays bounded and the store answers others in between. */
export async function* subjects(db: Database, dataset: string): AsyncIterable<SubjectRecord> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rows: readonly { id: string; record: string }[] = await db
      .selectFrom('subject')
      .select(['id', 'record'])
      .where('dataset', '=', dataset)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield recordOf(row.record);
    after = rows.length === PAGE ? rows.at(-1)?.id : undefined;
  }
}

export async function subjectCount(db: Database, dataset: string): Promise<number> {
  const row = await db
    .selectFrom('subject')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('dataset', '=', dataset)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function sexes(db: Database, dataset: string): Promise<ReadonlyMap<string, Sex>> {
  const rows = await db
    .selectFrom('subject')
    .select(['id', 'sex'])
    .where('dataset', '=', dataset)
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.id, oneOf(SEXES, row.sex)]));
}

/** The columns hold what `putSubjects` wrote; that much is checked. */
function recordOf(text: string): SubjectRecord {
  const value: unknown = JSON.parse(text);
  if (isSubjectRecord(value)) return value;
  throw new NodeError('node/store', 'the records hold a subject that Federome did not write');
}

function isSubjectRecord(value: unknown): value is SubjectRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'sex' in value &&
    'observations' in value &&
    Array.isArray(value.observations) &&
    'measurements' in value &&
    Array.isArray(value.measurements)
  );
}
