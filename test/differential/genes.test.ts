import { embeddedGenes, type GeneLocation, readGenes } from '@federome/formats';
import { hasShared, sharedPath } from '@federome/testkit';
import { describe, expect, test } from 'vitest';

const GRCH37 = 'data/genes/genes.hg19.v32.csv';
const GRCH38 = 'data/genes/grch38_genes_60612.tsv';
const ENSEMBL = 'data/genes/ensembl110_grch38_homo-sapiens-genes.tsv.gz';

// What GBA1 was called before 2021, and is in the older table.
const FORMERLY: Readonly<Record<string, string>> = { GBA1: 'GBA' };

async function genesOf(
  file: string,
  assembly: 'GRCh37' | 'GRCh38' | undefined,
): Promise<readonly GeneLocation[]> {
  const genes: GeneLocation[] = [];
  for await (const gene of readGenes(sharedPath(file), { assembly })) genes.push(gene);
  return genes;
}

describe.skipIf(!hasShared(GRCH37, GRCH38, ENSEMBL))('gene tables', () => {
  test('every embedded gene lies where the tables of either assembly have it', async () => {
    const [on37, on38] = [await genesOf(GRCH37, 'GRCh37'), await genesOf(ENSEMBL, undefined)];
    const bySymbol37 = Map.groupBy(on37, ({ symbol }) => symbol);
    const byId38 = Map.groupBy(on38, ({ ensemblId }) => ensemblId);
    for (const gene of embeddedGenes('GRCh37')) {
      const found = bySymbol37.get(gene.symbol) ?? bySymbol37.get(FORMERLY[gene.symbol] ?? '');
      expect(found).toEqual([{ ...gene, symbol: found?.[0]?.symbol, ensemblId: undefined }]);
    }
    for (const gene of embeddedGenes('GRCh38')) expect(byId38.get(gene.ensemblId)).toEqual([gene]);
  });

  test('three tables with three ways of counting agree on genes that no release changed', async () => {
    const [list, ensembl] = [await genesOf(GRCH38, 'GRCh38'), await genesOf(ENSEMBL, undefined)];
    expect(list).toHaveLength(60612);
    expect(await genesOf(GRCH37, 'GRCh37')).toHaveLength(20114);
    const at = (genes: readonly GeneLocation[], symbol: string) =>
      genes.find((gene) => gene.symbol === symbol);
    for (const symbol of ['BRCA1', 'BRCA2', 'CFTR', 'APOE', 'HBB', 'LCT', 'APOL1', 'TTN'])
      expect(at(list, symbol)).toEqual(at(ensembl, symbol));
    const shared = new Map(ensembl.map((gene) => [gene.ensemblId, gene]));
    const starts = list.flatMap((gene) => {
      const other = shared.get(gene.ensemblId);
      return other === undefined ? [] : [gene.start === other.start];
    });
    // Were one of them off by one, no start would agree.
    expect(starts.filter(Boolean).length / starts.length).toBeGreaterThan(0.8);
  });
});
