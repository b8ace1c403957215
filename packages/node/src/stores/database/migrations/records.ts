import { bytesOf, index, type Migration, serialOf, texts } from './schema.ts';

/** Datasets and the people in them, ontologies, genes, members, events. */
export const createRecords: Migration = async (db, flavour) => {
  const bytes = bytesOf(flavour);
  const serial = serialOf(flavour);

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
};
