import type { Generated, Kysely } from 'kysely';

/** The schema that `migrations.ts` makes, as both databases return it. JSON is text; truth values are 0 and 1. */
export interface Tables {
  schema_version: { version: number };
  dataset: {
    id: string;
    title: string;
    assembly: string;
    absent: string;
    consent_model: string;
    duo: string;
    created_at: string;
    metadata: string;
    revision: Generated<number | string>;
  };
  subject: { dataset: string; id: string; sex: string; record: string };
  projection_set: { dataset: string; key: string; people: Uint8Array };
  projection_measurement: { dataset: string; assay: string; person: number; value: number; unit: string };
  projection_age: {
    dataset: string;
    person: number;
    birth_day: number | null;
    age_days: number | null;
  };
  projection_term: { dataset: string; id: string; label: string; people: number };
  consent_event: {
    sequence: Generated<number | string>;
    dataset: string;
    subject: string;
    scope: string;
    decision: string;
    decided_at: string;
  };
  consent_current: { dataset: string; subject: string; scope: string; decision: string; decided_at: string };
  ontology: { id: string; version: string };
  term: {
    id: string;
    ontology: string;
    label: string;
    obsolete: number;
    alternate_ids: string;
    synonyms: string;
  };
  term_parent: { child: string; parent: string };
  term_alternate: { alternate: string; term: string };
  term_name: { term: string; name: string };
  gene: {
    assembly: string;
    symbol: string;
    name: string;
    ensembl_id: string;
    contig: string;
    start_bp: number;
    end_bp: number;
  };
  member: { id: string; url: string; name: string; country: string; added_at: string };
  event: { sequence: Generated<number | string>; at: string; type: string; data: string };
}

export type Database = Kysely<Tables>;

/** How many rows of `columns` values fit in one statement: SQLite binds at most 32,766 values. */
export function batchesOf<Row>(rows: Iterable<Row>, columns: number): Iterable<readonly Row[]> {
  return batches(rows, Math.min(1_000, Math.floor(32_000 / columns)));
}

function* batches<Row>(rows: Iterable<Row>, size: number): Iterable<readonly Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
