import type { Assembly } from '@federome/core';
import { oneOf } from '../../database/columns.ts';
import { batchesOf, type Database, type Tables } from '../../database/tables.ts';
import type { GeneRow } from '../records.ts';

/** `db` is a transaction. */
export async function putGenes(db: Database, genes: readonly GeneRow[]): Promise<void> {
  const rows = new Map<string, Tables['gene']>();
  for (const gene of genes) {
    const row = {
      assembly: gene.assembly,
      symbol: gene.symbol,
      name: gene.symbol.toUpperCase(),
      ensembl_id: gene.ensemblId ?? '',
      contig: gene.contig,
      start_bp: gene.start,
      end_bp: gene.end,
    };
    rows.set([row.assembly, row.name, row.ensembl_id, row.contig, row.start_bp].join(' '), row);
  }
  for (const batch of batchesOf(rows.values(), 7)) {
    await db
      .insertInto('gene')
      .values(batch)
      .onConflict((conflict) =>
        conflict
          .columns(['assembly', 'name', 'ensembl_id', 'contig', 'start_bp'])
          .doUpdateSet((excluded) => ({
            symbol: excluded.ref('excluded.symbol'),
            end_bp: excluded.ref('excluded.end_bp'),
          })),
      )
      .execute();
  }
}

export async function gene(
  db: Database,
  assembly: Assembly,
  symbolOrId: string,
): Promise<GeneRow | undefined> {
  const name = symbolOrId.trim().toUpperCase();
  const ensemblId = name.replace(/\.\d+$/, '');
  const row = await db
    .selectFrom('gene')
    .selectAll()
    .where('assembly', '=', assembly)
    .where((eb) => (name.startsWith('ENSG') ? eb('ensembl_id', '=', ensemblId) : eb('name', '=', name)))
    .orderBy((eb) => eb.fn('length', ['contig']))
    .orderBy('contig')
    .orderBy('start_bp')
    .executeTakeFirst();
  return row && geneOf(row);
}

export async function searchGenes(db: Database, prefix: string, limit: number): Promise<readonly GeneRow[]> {
  const literal = prefix
    .trim()
    .toUpperCase()
    .replaceAll(/[\\%_]/g, (character) => `\\${character}`);
  const rows = await db
    .selectFrom('gene')
    .selectAll()
    .where((eb) => eb(eb.ref('name'), 'like', eb.cast<string>(eb.val(`${literal}%`), 'text')))
    .orderBy((eb) => eb.fn('length', ['name']))
    .orderBy('name')
    .orderBy('assembly')
    .limit(limit)
    .execute();
  return rows.map(geneOf);
}

function geneOf(row: Tables['gene']): GeneRow {
  return {
    symbol: row.symbol,
    ensemblId: row.ensembl_id === '' ? undefined : row.ensembl_id,
    assembly: oneOf(['GRCh37', 'GRCh38'], row.assembly),
    contig: row.contig,
    start: row.start_bp,
    end: row.end_bp,
  };
}
