import { type Assembly, resolveContig } from '@federome/core';
import { FormatError, openInput, openTable, type Table, utf8Text } from '@federome/formats';
import type { GeneRow } from '../stores/records/records.ts';

/** Column names under which tables of genes are exchanged, in lower case. */
const NAMES = {
  symbol: ['symbol', 'gene_symbol', 'gene_name', 'gene', 'name'],
  ensemblId: ['ensembl_id', 'gene_id', 'ensembl_gene_id'],
  contig: ['contig', 'chrom', 'chromosome', 'chr', 'gene_chromosome'],
  start: ['start', 'gene_start'],
  end: ['end', 'gene_end'],
} as const;

export interface GeneTableOptions {
  readonly assembly: Assembly;
  /** Whether `start` counts from 0, as in BED; else from 1, as Ensembl and people do. `end` is the same in both. */
  readonly zeroBased: boolean;
}

/**
 * The genes of a table with the columns symbol, contig, start, end and perhaps ensembl_id (or their usual other names).
 * Genes outside of the primary contigs are left out. Throws FormatError with the line.
 */
export async function* readGenes(path: string, options: GeneTableOptions): AsyncIterable<GeneRow> {
  const table = await openTable(utf8Text((await openInput(path)).chunks, path), path);
  const at = {
    symbol: required(table, 'symbol'),
    contig: required(table, 'contig'),
    start: required(table, 'start'),
    end: required(table, 'end'),
    ensemblId: columnOf(table, 'ensemblId'),
  };
  for await (const { cells, line } of table.rows) {
    const contig = resolveContig(options.assembly, cells[at.contig]!.trim());
    const symbol = cells[at.symbol]!.trim();
    if (contig.kind !== 'contig' || symbol === '') continue;
    const start = Number(cells[at.start]) - (options.zeroBased ? 0 : 1);
    const end = Number(cells[at.end]);
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end <= start) {
      throw new FormatError(
        'formats/table',
        `${symbol} runs from '${cells[at.start]}' to '${cells[at.end]}', which is no stretch of a contig`,
        { location: { file: path, line } },
      );
    }
    const ensemblId = at.ensemblId < 0 ? undefined : ensemblIdOf(cells[at.ensemblId]!);
    yield { symbol, ensemblId, assembly: options.assembly, contig: contig.name, start, end };
  }
}

function columnOf(table: Table, column: keyof typeof NAMES): number {
  return table.columns.findIndex((name) => NAMES[column].some((known) => known === name.toLowerCase()));
}

function required(table: Table, column: keyof typeof NAMES): number {
  const at = columnOf(table, column);
  if (at >= 0) return at;
  throw new FormatError(
    'formats/missing-column',
    `has no column '${column}' (found ${table.columns.join(', ')})`,
    { location: { file: table.file, line: table.headerLine } },
  );
}

/** Without version; `undefined` for identifiers of others. */
function ensemblIdOf(text: string): string | undefined {
  return /^(ENSG\d{11})(?:\.\d+)?$/.exec(text.trim())?.[1];
}
