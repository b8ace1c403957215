import { openInput, openTable, readGenes, utf8Text } from '@federome/formats';
import { hasShared, sharedPath } from '@federome/testkit';
import { describe, expect, test } from 'vitest';
import { isCountry } from '../../packages/node/src/countries.ts';
import { KNOWN_GENES } from '../../packages/node/src/genes/known-genes.ts';

const COUNTRIES = 'data/ontologies/iso3166_country-codes.csv';
const GENES = 'data/genes/grch38_genes_60612.tsv';
const GENES_37 = 'data/genes/genes.hg19.v32.csv';

describe.skipIf(!hasShared(COUNTRIES, GENES, GENES_37))('facts that are written into the node', () => {
  test('every code of ISO 3166-1 is a country, and no other', async () => {
    const path = sharedPath(COUNTRIES);
    const table = await openTable(utf8Text((await openInput(path)).chunks, path), path);
    const column = table.columns.indexOf('ISO3166-1-Alpha-2');
    const assigned: string[] = [];
    for await (const { cells } of table.rows) if (cells[column] !== '') assigned.push(cells[column]!);
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const known = letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry);
    expect(known).toEqual(assigned.toSorted());
  });

  test('known genes lie where the gene tables of both assemblies say', async () => {
    const tables = [
      [GENES, { assembly: 'GRCh38' }],
      [GENES_37, { assembly: 'GRCh37' }],
    ] as const;
    for (const [path, options] of tables) {
      const places = new Set<string>();
      for await (const { contig, start, end } of readGenes(sharedPath(path), options)) {
        places.add(`${contig}:${start}-${end}`);
      }
      expect(places.size).toBeGreaterThan(15_000);
      const misplaced = KNOWN_GENES.filter(({ assembly }) => assembly === options.assembly).filter(
        ({ contig, start, end }) => !places.has(`${contig}:${start}-${end}`),
      );
      expect(misplaced).toEqual([]);
    }
    expect(
      KNOWN_GENES.find(({ symbol, assembly }) => symbol === 'BRCA1' && assembly === 'GRCh38'),
    ).toMatchObject({
      ensemblId: 'ENSG00000012048',
      start: 43_044_294,
      end: 43_170_245,
    });
  });
});
