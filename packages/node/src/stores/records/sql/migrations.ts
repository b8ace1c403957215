import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import { NodeError } from '../../../errors.ts';
import type { Database, Tables } from './tables.ts';

export type SqlFlavour = 'sqlite' | 'postgres';

type Migration = (db: Kysely<Tables>, flavour: SqlFlavour) => Promise<void>;

/** Forward only: the version of a database is the number of migrations that it has had. */
const MIGRATIONS: readonly Migration[] = [createRecords];

/**
 * Brings a database to the version of this program, in one transaction that holds off every other process meanwhile.
 * Throws `node/store` where the database is newer than the program.
 */
export async function migrate(db: Database, flavour: SqlFlavour): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // The number is Federome's own; PostgreSQL only asks that all of its clients use the same.
    if (flavour === 'postgres') await sql`select pg_advisory_xact_lock(7330301)`.execute(transaction);
    await transaction.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute();
    const row = await transaction.selectFrom('schema_version').select('version').executeTakeFirst();
    const version = row?.version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new NodeError(
        'node/store',
        `the records have version ${version}, and this program knows versions up to ${MIGRATIONS.length}: use a newer Federome`,
      );
    }
    for (const migration of MIGRATIONS.slice(version)) await migration(transaction, flavour);
    if (row === undefined) {
      await transaction.insertInto('schema_version').values({ version: MIGRATIONS.length }).execute();
    } else if (version < MIGRATIONS.length) {
      await transaction.updateTable('schema_version').set({ version: MIGRATIONS.length }).execute();
    }
  });
}

async function createRecords(db: Kysely<Tables>, flavour: SqlFlavour): Promise<void> {
  const bytes = flavour === 'postgres' ? sql`bytea` : sql`blob`;
  const serial =
    flavour === 'postgres'
      ? sql`bigint generated always as identity primary key`
      : sql`integer primary key autoincrement`;

  await db.schema
    .createTable('dataset')
    .$call(texts('id', 'title', 'assembly', 'absent', 'consent_model', 'duo', 'created_at', 'metadata'))
    .addColumn('revision', 'bigint', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('dataset_key', ['id'])
    .execute();
  await db.schema
    .createTable('subject')
    .$call(texts('dataset', 'id', 'sex', 'record'))
    .addPrimaryKeyConstraint('subject_key', ['dataset', 'id'])
    .execute();

  await db.schema
    .createTable('projection_set')
    .$call(texts('dataset', 'key'))
    .addColumn('people', bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('projection_set_key', ['dataset', 'key'])
    .execute();
  await db.schema
    .createTable('projection_measurement')
    .$call(texts('dataset', 'assay', 'unit'))
    .addColumn('person', 'integer', (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .execute();
  await index(db, 'projection_measurement', ['dataset', 'assay', 'person']);
  await db.schema
    .createTable('projection_age')
    .$call(texts('dataset'))
    .addColumn('person', 'integer', (column) => column.notNull())
    .addColumn('birth_day', 'integer')
    .addColumn('age_days', 'integer')
    .addPrimaryKeyConstraint('projection_age_key', ['dataset', 'person'])
    .execute();
  await db.schema
    .createTable('projection_term')
    .$call(texts('dataset', 'id', 'label'))
    .addColumn('people', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('projection_term_key', ['dataset', 'id'])
    .execute();

  await db.schema
    .createTable('consent_event')
    .addColumn('sequence', serial)
    .$call(texts('dataset', 'subject', 'scope', 'decision', 'decided_at'))
    .execute();
  await index(db, 'consent_event', ['dataset', 'subject', 'sequence']);
  await db.schema
    .createTable('consent_current')
    .$call(texts('dataset', 'subject', 'scope', 'decision', 'decided_at'))
    .addPrimaryKeyConstraint('consent_current_key', ['dataset', 'subject', 'scope'])
    .execute();

  await db.schema
    .createTable('ontology')
    .$call(texts('id', 'version'))
    .addPrimaryKeyConstraint('ontology_key', ['id'])
    .execute();
  await db.schema
    .createTable('term')
    .$call(texts('id', 'ontology', 'label', 'alternate_ids', 'synonyms'))
    .addColumn('obsolete', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('term_key', ['id'])
    .execute();
  await index(db, 'term', ['ontology']);
  await db.schema
    .createTable('term_parent')
    .$call(texts('child', 'parent'))
    .addPrimaryKeyConstraint('term_parent_key', ['child', 'parent'])
    .execute();
  await index(db, 'term_parent', ['parent', 'child']);
  await db.schema
    .createTable('term_alternate')
    .$call(texts('alternate', 'term'))
    .addPrimaryKeyConstraint('term_alternate_key', ['alternate', 'term'])
    .execute();
  await index(db, 'term_alternate', ['term']);
  await db.schema.createTable('term_name').$call(texts('term', 'name')).execute();
  await index(db, 'term_name', ['term']);

  await db.schema
    .createTable('gene')
    .$call(texts('assembly', 'symbol', 'name', 'ensembl_id', 'contig'))
    .addColumn('start_bp', 'integer', (column) => column.notNull())
    .addColumn('end_bp', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('gene_key', ['assembly', 'name', 'ensembl_id', 'contig', 'start_bp'])
    .execute();
  await index(db, 'gene', ['assembly', 'ensembl_id']);

  await db.schema
    .createTable('member')
    .$call(texts('id', 'url', 'name', 'country', 'added_at'))
    .addPrimaryKeyConstraint('member_key', ['id'])
    .execute();
  await db.schema
    .createTable('event')
    .addColumn('sequence', serial)
    .$call(texts('at', 'type', 'data'))
    .execute();
}

function texts<Column extends string>(...names: readonly Column[]) {
  return <Table extends string, Columns extends string>(table: CreateTableBuilder<Table, Columns>) =>
    names.reduce<CreateTableBuilder<Table, Columns | Column>>(
      (builder, name) => builder.addColumn(name, 'text', (column) => column.notNull()),
      table,
    );
}

async function index(db: Kysely<Tables>, table: keyof Tables, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.at(-1)}`)
    .on(table)
    .columns([...columns])
    .execute();
}
