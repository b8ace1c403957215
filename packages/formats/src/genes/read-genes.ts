import type { Assembly } from '@federome/core';
import { FormatError } from '../errors.ts';
import { openInput, utf8Text } from '../input/open.ts';
import { openTable } from '../tables/table.ts';
import { type FeatureFormat, featureFormatOf } from './feature-lines.ts';
import { type GeneLocation, geneLocation } from './gene-location.ts';
import { type GeneCoordinates, geneTableReader } from './gene-table.ts';

/** What a file of genes does not say itself. */
export interface ReadGenesOptions {
  /** Where the file does not name it; must agree where it does. */
  readonly assembly?: Assembly | undefined;
  /** How a table counts whose header is not one of the known ones. */
  readonly coordinates?: GeneCoordinates | undefined;
}

/**
 * The genes of a file, plain or gzip'd, told by the content: BED, GFF3, GTF, Ideogram.js's caches, or a table (CSV, TSV)
 * with a header that names symbol, contig, start and end. A symbol can occur twice (pseudoautosomal genes, for one).
 *
 * @throws FormatError with file and line: `formats/table`, `formats/missing-column`, `formats/wrong-assembly`,
 * `formats/position-beyond-contig`, and as `openInput`.
 */
export async function* readGenes(path: string, options: ReadGenesOptions = {}): AsyncGenerator<GeneLocation> {
  const { chunks, head } = await openInput(path);
  const start = new TextDecoder().decode(head);
  const assembly = assemblyOf(start, path, options.assembly);
  const format = hasLengthColumn(start) ? undefined : featureFormatOf(firstLine(start));
  const text = utf8Text(chunks, path);
  if (format !== undefined) yield* featureGenes(text, path, format, assembly);
  else yield* tableGenes(text, path, assembly, options.coordinates);
}

async function* tableGenes(
  text: AsyncGenerator<string>,
  file: string,
  assembly: Assembly,
  coordinates: GeneCoordinates | undefined,
): AsyncGenerator<GeneLocation> {
  const table = await openTable(text, file);
  try {
    const { shift, read } = geneTableReader(table, coordinates);
    for await (const row of table.rows)
      yield geneLocation(read(row), assembly, shift, { file, line: row.line });
  } finally {
    await table.rows.return(undefined);
  }
}

async function* featureGenes(
  text: AsyncGenerator<string>,
  file: string,
  format: FeatureFormat,
  assembly: Assembly,
): AsyncGenerator<GeneLocation> {
  let number = 0;
  for await (const line of linesOf(text)) {
    number += 1;
    // What follows this directive of GFF3 is sequence.
    if (line.startsWith('##FASTA')) return;
    if (isCommentary(line)) continue;
    const fields = line.split('\t');
    const fault =
      fields.length < format.fields
        ? `has ${fields.length} fields on this line, expected ${format.fields}`
        : format.fault?.(fields);
    if (fault !== undefined)
      throw new FormatError('formats/table', fault, { location: { file, line: number } });
    const gene = format.read(fields);
    if (gene !== undefined) yield geneLocation(gene, assembly, format.shift, { file, line: number });
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}

function firstLine(text: string): string {
  return text.split(/\r?\n/).find((line) => !isCommentary(line)) ?? '';
}

/** Ideogram.js's caches have the numbers of BED and another meaning, which their header in a comment says. */
function hasLengthColumn(head: string): boolean {
  return /^#\s*chr\tstart\tlength\t/m.test(head);
}

function isCommentary(line: string): boolean {
  return line.trim() === '' || /^(#|track\b|browser\b)/.test(line);
}

/** The assembly that a file's commentary names, or the given one. */
function assemblyOf(head: string, file: string, given: Assembly | undefined): Assembly {
  const commentary = head
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .join('\n');
  const name = /GRCh3[78]|\bhg(?:19|38)\b/i.exec(commentary)?.[0].toLowerCase();
  const named = name === undefined ? undefined : /38/.test(name) ? 'GRCh38' : 'GRCh37';
  const refuse = (message: string): never => {
    throw new FormatError('formats/wrong-assembly', message, { location: { file } });
  };
  if (named !== undefined && given !== undefined && named !== given)
    refuse(`is of ${named}, not of ${given}`);
  return named ?? given ?? refuse('does not name its assembly; expected GRCh37 or GRCh38 to be given');
}
