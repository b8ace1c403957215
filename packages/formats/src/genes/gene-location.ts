import { type Assembly, contigLengthBp, resolveContig } from '@federome/core';
import { FormatError } from '../errors.ts';

/** Where a gene lies; 0-based, half-open. */
export interface GeneLocation {
  readonly symbol: string;
  /** Ensembl gene id without version, where known. */
  readonly ensemblId: string | undefined;
  readonly assembly: Assembly;
  /** `1` … `22`, `X`, `Y`, `MT`; other contigs under the file's own name. */
  readonly contig: string;
  /** 0-based, half-open. */
  readonly start: number;
  readonly end: number;
}

export interface StatedGene {
  readonly symbol: string;
  readonly id: string | undefined;
  readonly contig: string;
  readonly start: string;
  readonly end: string;
}

/** What must be added to a file's starts and ends to make them 0-based and half-open. */
export interface Shift {
  readonly start: number;
  readonly end: number;
}

/** Checks what a line states of a gene. @throws FormatError `formats/table`, `formats/position-beyond-contig`. */
export function geneLocation(
  gene: StatedGene,
  assembly: Assembly,
  shift: Shift,
  location: { readonly file: string; readonly line: number },
): GeneLocation {
  const refuse = (message: string): never => {
    throw new FormatError('formats/table', message, { location });
  };
  const [start, end] = [integer(gene.start), integer(gene.end)];
  if (start === undefined || end === undefined)
    return refuse(`expected whole numbers as start and end, not "${gene.start}" and "${gene.end}"`);
  const resolved = resolveContig(assembly, gene.contig.trim());
  if (resolved.kind === 'other-assembly')
    throw new FormatError(
      'formats/wrong-assembly',
      `${gene.contig} is of ${resolved.assembly}, not of ${assembly}`,
      {
        location,
      },
    );
  const contig = resolved.kind === 'contig' ? resolved.name : gene.contig.trim();
  const interval = { start: start + shift.start, end: end + shift.end };
  if (interval.start < 0 || interval.end <= interval.start)
    refuse(`expected a start below the end, not ${start} and ${end}`);
  const lengthBp = contigLengthBp(assembly, contig);
  if (lengthBp !== undefined && interval.end > lengthBp)
    throw new FormatError(
      'formats/position-beyond-contig',
      `ends at ${interval.end}, beyond the ${lengthBp} bases of contig ${contig} in ${assembly}`,
      { location },
    );
  const symbol = gene.symbol.trim();
  const ensemblId = /^(?:gene:)?(ENSG\d{11})(?:\.\d+)?$/.exec(gene.id?.trim() ?? '')?.[1];
  if (symbol === '' && ensemblId === undefined) refuse('names no gene');
  return { symbol: symbol === '' ? ensemblId! : symbol, ensemblId, assembly, contig, ...interval };
}

function integer(text: string): number | undefined {
  return /^\d{1,12}$/.test(text.trim()) ? Number(text) : undefined;
}
