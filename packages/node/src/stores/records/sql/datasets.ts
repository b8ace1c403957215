import { sql } from 'kysely';
import { NodeError } from '../../../errors.ts';
import { jsonObject, jsonStrings, oneOf } from '../../database/columns.ts';
import type { Database, Tables } from '../../database/tables.ts';
import type { Dataset } from '../records.ts';

export async function addDataset(db: Database, dataset: Dataset): Promise<void> {
  const added = await db
    .insertInto('dataset')
    .values({
      id: dataset.id,
      title: dataset.title,
      assembly: dataset.assembly,
      absent: dataset.absent,
      consent_model: dataset.consentModel,
      duo: JSON.stringify(dataset.duo),
      created_at: dataset.createdAt,
      metadata: JSON.stringify(dataset.metadata),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) {
    throw new NodeError('node/dataset-exists', `there is a dataset '${dataset.id}' already`);
  }
}

export async function datasets(db: Database): Promise<readonly Dataset[]> {
  return (await db.selectFrom('dataset').selectAll().orderBy('created_at').orderBy('id').execute()).map(
    datasetOf,
  );
}

export async function dataset(db: Database, id: string): Promise<Dataset | undefined> {
  const row = await db.selectFrom('dataset').selectAll().where('id', '=', id).executeTakeFirst();
  return row && datasetOf(row);
}

export async function revision(db: Database, id: string): Promise<number> {
  const row = await db.selectFrom('dataset').select('revision').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw unknownDataset(id);
  return Number(row.revision);
}

/** Counts a change and, on PostgreSQL, holds off every other writer of the dataset until the transaction ends. */
export async function bumpRevision(db: Database, id: string): Promise<void> {
  const result = await db
    .updateTable('dataset')
    .set({ revision: sql`revision + 1` })
    .where('id', '=', id)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw unknownDataset(id);
}

function unknownDataset(id: string): NodeError {
  return new NodeError('node/unknown-dataset', `there is no dataset '${id}'`);
}

function datasetOf(row: Omit<Tables['dataset'], 'revision'>): Dataset {
  return {
    id: row.id,
    title: row.title,
    assembly: oneOf(['GRCh37', 'GRCh38'], row.assembly),
    absent: oneOf(['reference', 'missing'], row.absent),
    consentModel: oneOf(['opt-out', 'opt-in'], row.consent_model),
    duo: jsonStrings(row.duo),
    createdAt: row.created_at,
    metadata: jsonObject(row.metadata),
  };
}
