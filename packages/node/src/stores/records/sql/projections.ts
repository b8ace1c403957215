import { PeopleSet } from '@federome/core';
import { batchesOf, type Database } from '../../database/tables.ts';
import type { AgeRow, MeasurementRow, ProjectionKey, Projections, TermInUse } from '../records.ts';
import { bumpRevision } from './datasets.ts';

const TABLES = ['projection_set', 'projection_measurement', 'projection_age', 'projection_term'] as const;

/** `db` is a transaction. */
export async function putProjections(db: Database, dataset: string, projections: Projections): Promise<void> {
  await bumpRevision(db, dataset);
  for (const table of TABLES) {
    await db.deleteFrom(table).where('dataset', '=', dataset).execute();
  }
  for (const batch of batchesOf(projections.sets, 64)) {
    const rows = batch.map(([key, people]) => ({ dataset, key, people: people.toBytes() }));
    await db.insertInto('projection_set').values(rows).execute();
  }
  for (const batch of batchesOf(projections.measurements, 5)) {
    const rows = batch.map(({ assay, person, value, unit }) => ({ dataset, assay, person, value, unit }));
    await db.insertInto('projection_measurement').values(rows).execute();
  }
  for (const batch of batchesOf(projections.ages, 4)) {
    const rows = batch.map(({ person, birthDay, ageDays }) => ({
      dataset,
      person,
      birth_day: birthDay ?? null,
      age_days: ageDays ?? null,
    }));
    await db.insertInto('projection_age').values(rows).execute();
  }
  for (const batch of batchesOf(projections.terms, 4)) {
    const rows = batch.map(({ id, label, people }) => ({ dataset, id, label, people }));
    await db.insertInto('projection_term').values(rows).execute();
  }
}

export async function projection(
  db: Database,
  dataset: string,
  key: ProjectionKey,
): Promise<PeopleSet | undefined> {
  const row = await db
    .selectFrom('projection_set')
    .select('people')
    .where('dataset', '=', dataset)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && PeopleSet.fromBytes(row.people);
}

export async function projectionKeys(
  db: Database,
  dataset: string,
  prefix: string,
): Promise<readonly ProjectionKey[]> {
  const rows = await db
    .selectFrom('projection_set')
    .select('key')
    .where('dataset', '=', dataset)
    .where((eb) => eb(eb.fn<string>('substr', ['key', eb.val(1), eb.val(prefix.length)]), '=', prefix))
    .execute();
  return rows.map((row) => row.key).sort();
}

export async function measurements(
  db: Database,
  dataset: string,
  assay: string,
): Promise<readonly MeasurementRow[]> {
  return await db
    .selectFrom('projection_measurement')
    .select(['person', 'assay', 'value', 'unit'])
    .where('dataset', '=', dataset)
    .where('assay', '=', assay)
    .orderBy('person')
    .orderBy('value')
    .execute();
}

export async function assays(db: Database, dataset: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('projection_measurement')
    .select('assay')
    .distinct()
    .where('dataset', '=', dataset)
    .execute();
  return rows.map((row) => row.assay).sort();
}

export async function ages(db: Database, dataset: string): Promise<readonly AgeRow[]> {
  const rows = await db
    .selectFrom('projection_age')
    .select(['person', 'birth_day', 'age_days'])
    .where('dataset', '=', dataset)
    .orderBy('person')
    .execute();
  return rows.map((row) => ({
    person: row.person,
    birthDay: row.birth_day ?? undefined,
    ageDays: row.age_days ?? undefined,
  }));
}

export async function termsInUse(db: Database, dataset: string): Promise<readonly TermInUse[]> {
  return await db
    .selectFrom('projection_term')
    .select(['id', 'label', 'people'])
    .where('dataset', '=', dataset)
    .orderBy('id')
    .execute();
}
