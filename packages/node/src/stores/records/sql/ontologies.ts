import { sql } from 'kysely';
import { jsonStrings } from '../../database/columns.ts';
import { batchesOf, type Database } from '../../database/tables.ts';
import type { Ontology, TermRow } from '../records.ts';

/** `db` is a transaction. */
export async function putTerms(
  db: Database,
  ontology: { readonly id: string; readonly version: string },
  terms: readonly TermRow[],
): Promise<void> {
  await db
    .insertInto('ontology')
    .values(ontology)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({ version: excluded.ref('excluded.version') })),
    )
    .execute();
  for (const batch of batchesOf(new Set(terms.map((term) => term.id)), 32)) {
    await db.deleteFrom('term').where('id', 'in', batch).execute();
    await db.deleteFrom('term_parent').where('child', 'in', batch).execute();
    await db.deleteFrom('term_alternate').where('term', 'in', batch).execute();
    await db.deleteFrom('term_name').where('term', 'in', batch).execute();
  }
  // Of a term that is given twice, the last stands.
  const rows = [...new Map(terms.map((term) => [term.id, term])).values()];
  for (const batch of batchesOf(rows, 6)) {
    await db
      .insertInto('term')
      .values(
        batch.map((term) => ({
          id: term.id,
          ontology: ontology.id,
          label: term.label,
          obsolete: term.obsolete ? 1 : 0,
          alternate_ids: JSON.stringify(term.alternateIds),
          synonyms: JSON.stringify(term.synonyms),
        })),
      )
      .execute();
  }
  const parents = rows.flatMap((term) =>
    [...new Set(term.parents)].map((parent) => ({ child: term.id, parent })),
  );
  for (const batch of batchesOf(parents, 2)) await db.insertInto('term_parent').values(batch).execute();
  const alternates = rows.flatMap((term) =>
    [...new Set(term.alternateIds)].map((alternate) => ({ alternate, term: term.id })),
  );
  for (const batch of batchesOf(alternates, 2)) await db.insertInto('term_alternate').values(batch).execute();
  const names = rows
    .filter((term) => !term.obsolete)
    .flatMap((term) =>
      [...new Set([term.label, ...term.synonyms].map((name) => name.toLowerCase()))].map((name) => ({
        term: term.id,
        name,
      })),
    );
  for (const batch of batchesOf(names, 2)) await db.insertInto('term_name').values(batch).execute();
}

export async function ontologies(db: Database): Promise<readonly Ontology[]> {
  const rows = await db
    .selectFrom('ontology')
    .leftJoin('term', 'term.ontology', 'ontology.id')
    .select((eb) => ['ontology.id', 'ontology.version', eb.fn.count('term.id').as('terms')])
    .groupBy(['ontology.id', 'ontology.version'])
    .orderBy('ontology.id')
    .execute();
  return rows.map((row) => ({ id: row.id, version: row.version, terms: Number(row.terms) }));
}

/**
 * By id, else by alternate id. An obsolete term that another names as its predecessor resolves to that other.
 */
export async function term(db: Database, id: string): Promise<TermRow | undefined> {
  const direct = await termById(db, id);
  if (direct !== undefined && !direct.obsolete) return direct;
  const alternate = await db
    .selectFrom('term_alternate')
    .innerJoin('term', 'term.id', 'term_alternate.term')
    .select('term_alternate.term')
    .where('alternate', '=', id)
    .orderBy('term.obsolete')
    .orderBy('term_alternate.term')
    .executeTakeFirst();
  return alternate === undefined ? direct : await termById(db, alternate.term);
}

async function termById(db: Database, id: string): Promise<TermRow | undefined> {
  const row = await db.selectFrom('term').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const parents = await db
    .selectFrom('term_parent')
    .select('parent')
    .where('child', '=', id)
    .orderBy('parent')
    .execute();
  return {
    id: row.id,
    label: row.label,
    alternateIds: jsonStrings(row.alternate_ids),
    parents: parents.map((parent) => parent.parent),
    obsolete: row.obsolete !== 0,
    synonyms: jsonStrings(row.synonyms),
  };
}

export async function descendants(db: Database, id: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below(id) as (
      select cast(${id} as text) union
      select term_parent.child from term_parent join below on term_parent.parent = below.id
    ) select id from below`.execute(db);
  return rows.map((row) => row.id);
}

export async function ancestors(db: Database, id: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive above(id) as (
      select cast(${id} as text) union
      select term_parent.parent from term_parent join above on term_parent.child = above.id
    ) select id from above`.execute(db);
  return rows.map((row) => row.id);
}

export async function parents(db: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const byChild = new Map<string, string[]>();
  for (const { child, parent } of await db.selectFrom('term_parent').selectAll().execute()) {
    const known = byChild.get(child);
    if (known === undefined) byChild.set(child, [parent]);
    else known.push(parent);
  }
  return byChild;
}

export async function resolutions(db: Database): Promise<ReadonlyMap<string, string>> {
  const byId = new Map<string, string>();
  const alternates = await db
    .selectFrom('term_alternate')
    .innerJoin('term', 'term.id', 'term_alternate.term')
    .select(['term_alternate.alternate', 'term_alternate.term'])
    .orderBy('term.obsolete', 'desc')
    .orderBy('term_alternate.term', 'desc')
    .execute();
  const terms = await db.selectFrom('term').select(['id', 'obsolete']).execute();
  for (const { id, obsolete } of terms) if (obsolete !== 0) byId.set(id, id);
  for (const { alternate, term: id } of alternates) byId.set(alternate, id);
  for (const { id, obsolete } of terms) if (obsolete === 0) byId.set(id, id);
  return byId;
}

export async function prefixes(db: Database): Promise<ReadonlySet<string>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { id, ontology } of await db.selectFrom('term').select(['id', 'ontology']).execute()) {
    const prefix = id.slice(0, id.indexOf(':'));
    const ofOntology = counts.get(ontology) ?? new Map<string, number>();
    counts.set(ontology, ofOntology.set(prefix, (ofOntology.get(prefix) ?? 0) + 1));
  }
  return new Set(
    [...counts.values()].flatMap((ofOntology) => {
      const [most] = [...ofOntology].sort((a, b) => b[1] - a[1]);
      return most === undefined || most[0] === '' ? [] : [most[0]];
    }),
  );
}

export async function labels(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const batch of batchesOf(ids, 32)) {
    const rows = await db.selectFrom('term').select(['id', 'label']).where('id', 'in', batch).execute();
    for (const row of rows) found.set(row.id, row.label);
  }
  return found;
}

export async function searchTerms(db: Database, text: string, limit: number): Promise<readonly TermRow[]> {
  const query = text.trim().toLowerCase();
  if (query === '') return [];
  const literal = query.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
  const { rows } = await sql<{ term: string }>`
    select term, min(rank) as best, min(length) as shortest from (
      select term, length(name) as length, case
        when name = ${query} then 0
        when name like ${`${literal}%`} escape '\\' then 2
        when name like ${`% ${literal}%`} escape '\\' then 3
        else 4 end as rank
      from term_name where name like ${`%${literal}%`} escape '\\'
      union all
      select id, length(id), case when lower(id) = ${query} then 0 else 1 end from term
      where lower(id) like ${`${literal}%`} escape '\\' and obsolete = 0
    ) as matches group by term order by best, shortest, term limit ${limit}`.execute(db);
  const terms: TermRow[] = [];
  for (const row of rows) {
    const found = await termById(db, row.term);
    if (found !== undefined) terms.push(found);
  }
  return terms;
}
