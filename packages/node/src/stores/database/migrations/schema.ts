import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

export type SqlFlavour = 'sqlite' | 'postgres';

/** One step of a database's schema. */
export type Migration = (db: Kysely<Tables>, flavour: SqlFlavour) => Promise<void>;

/** The type of a column of bytes. */
export function bytesOf(flavour: SqlFlavour) {
  return flavour === 'postgres' ? sql`bytea` : sql`blob`;
}

/** The type of a column that numbers its rows from 1, in the order of their insertion; never a number twice. */
export function serialOf(flavour: SqlFlavour) {
  return flavour === 'postgres'
    ? sql`bigint generated always as identity primary key`
    : sql`integer primary key autoincrement`;
}

/** Columns of text that are never null. */
export function texts<Column extends string>(...names: readonly Column[]) {
  return <Table extends string, Columns extends string>(table: CreateTableBuilder<Table, Columns>) =>
    names.reduce<CreateTableBuilder<Table, Columns | Column>>(
      (builder, name) => builder.addColumn(name, 'text', (column) => column.notNull()),
      table,
    );
}

/** An index named after its table and last column. */
export async function index(
  db: Kysely<Tables>,
  table: keyof Tables,
  columns: readonly string[],
): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.at(-1)}`)
    .on(table)
    .columns([...columns])
    .execute();
}
