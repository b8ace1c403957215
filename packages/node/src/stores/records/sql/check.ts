import { PeopleSet } from '@federome/core';
import { sql } from 'kysely';
import type { SqlFlavour } from '../../database/migrations/schema.ts';
import type { Database } from '../../database/tables.ts';

const PAGE = 500;

export async function check(db: Database, flavour: SqlFlavour): Promise<readonly string[]> {
  return [...(flavour === 'sqlite' ? await checkPages(db) : []), ...(await checkSets(db))];
}

/** SQLite's own look at its pages and indexes; PostgreSQL looks at its pages whenever it reads them. */
async function checkPages(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}

async function checkSets(db: Database): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const { id } of await db.selectFrom('dataset').select('id').execute()) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const rows: readonly { key: string; people: Uint8Array }[] = await db
        .selectFrom('projection_set')
        .select(['key', 'people'])
        .where('dataset', '=', id)
        .where('key', '>', after)
        .orderBy('key')
        .limit(PAGE)
        .execute();
      for (const { key, people } of rows) {
        if (!decodes(people)) damaged.push(`the set '${key}' of dataset '${id}' is damaged`);
      }
      after = rows.length === PAGE ? rows.at(-1)?.key : undefined;
    }
  }
  return damaged;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    PeopleSet.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}
