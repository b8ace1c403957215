import type { Shift, StatedGene } from './gene-location.ts';

/** How the lines of a format without a header state genes; `undefined` for lines that are no gene. */
export interface FeatureFormat {
  readonly shift: Shift;
  /** The fewest fields a line has. */
  readonly fields: number;
  /** What a line cannot be in this format, as a predicate of the line. */
  fault?(fields: readonly string[]): string | undefined;
  read(fields: readonly string[]): StatedGene | undefined;
}

/** UCSC BED, fields 1–4; a fifth is a score, which tells BED from tables such as those of chromosome bands: https://genome.ucsc.edu/FAQ/FAQformat.html#format1 */
export const BED: FeatureFormat = {
  shift: { start: 0, end: 0 },
  fields: 4,
  fault: ({ 4: score }) =>
    score === undefined || /^(\.|-?\d+(\.\d+)?)?$/.test(score)
      ? undefined
      : `is not BED: its fifth field "${score.slice(0, 20)}" is no score`,
  read: ([contig, start, end, name]) => ({
    contig: contig!,
    start: start!,
    end: end!,
    symbol: /^ENSG\d{11}/.test(name!) ? '' : name!,
    id: name,
  }),
};

/** GFF3 and GTF, of whose features only genes are read: `gene`, and Ensembl's `ncRNA_gene` and `pseudogene`. */
export const GFF: FeatureFormat = {
  shift: { start: -1, end: 0 },
  fields: 9,
  read: ([contig, , type, start, end, , , , attributes]) => {
    if (!/^(ncRNA_|pseudo)?gene$/.test(type!)) return undefined;
    const attribute = attributeReader(attributes!);
    return {
      contig: contig!,
      start: start!,
      end: end!,
      symbol: attribute('gene_name') ?? attribute('Name') ?? attribute('gene') ?? '',
      id: attribute('gene_id') ?? attribute('ID'),
    };
  },
};

/** Which format a line is of; `undefined` for a header or anything else. */
export function featureFormatOf(line: string): FeatureFormat | undefined {
  const fields = line.split('\t');
  const numbers = (from: number) =>
    fields.slice(from, from + 2).filter((field) => /^\d+$/.test(field)).length === 2;
  if (fields.length >= GFF.fields && numbers(3)) return GFF;
  return fields.length >= BED.fields && numbers(1) ? BED : undefined;
}

// GFF3 writes `name=value` with percent escapes, GTF `name "value"`.
function attributeReader(text: string): (name: string) => string | undefined {
  const found = new Map<string, string>();
  for (const [, name, quoted, plain] of text.matchAll(/([^\s;="]+)(?:\s+"([^"]*)"|=([^;]*))/g))
    if (name !== undefined) found.set(name, quoted ?? decoded(plain ?? ''));
  return (name) => found.get(name);
}

function decoded(text: string): string {
  return text
    .trim()
    .replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
