import { type Assembly, contigLengthBp, resolveContig } from '@federome/core';

/** Why a text cannot be asked about; the locale files have a sentence for each. */
export type VariantProblemCode =
  | 'rsIdentifier'
  | 'codingHgvs'
  | 'hgvsChange'
  | 'unknownContig'
  | 'otherAssembly'
  | 'incomplete'
  | 'positionZero'
  | 'beyondContig'
  | 'endBeforeStart'
  | 'badBases'
  | 'sameAlleles'
  | 'notUnderstood';

export interface VariantProblem {
  readonly kind: 'problem';
  readonly code: VariantProblemCode;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What a person wrote, read; positions are 0-based, `end` is out. */
export type VariantReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'gene'; readonly symbol: string }
  | {
      readonly kind: 'variant';
      readonly contig: string;
      readonly position: number;
      readonly ref: string;
      readonly alt: string;
    }
  | { readonly kind: 'range'; readonly contig: string; readonly start: number; readonly end: number };

const CONTIG = '(NC_\\d{6}\\.\\d+|(?:chr)?[0-9A-Z]{1,3})';
const POSITION = '(\\d+(?:[,.\u00a0\u202f]\\d{3})*)';
const GENOMIC_HGVS = new RegExp(`^${CONTIG}:[gm]\\.(.*)$`, 'i');
const SUBSTITUTION = new RegExp(`^${POSITION}([A-Z]+)>([A-Z]+)$`, 'i');
const FOUR_PARTS = new RegExp(
  `^${CONTIG}[-_:\\s]${POSITION}[-_:\\s]\\s*([^-_:\\s>/]+)\\s*[-_:>/\\s]\\s*([^-_:\\s>/]+)$`,
  'i',
);
const ARROW = new RegExp(`^${CONTIG}[:\\s-]${POSITION}([A-Z]+)\\s*>\\s*([A-Z]+)$`, 'i');
const RANGE = new RegExp(`^${CONTIG}[:\\s]${POSITION}(?:\\s*(?:-|–|\\.\\.|_|\\s)\\s*${POSITION})?$`, 'i');
const STARTED = /^(?:NC_[\d.]*|(?:chr)?(?:\d{1,2}|X|Y|MT?))(?:[-_:\s](?:\d.*)?)?$/i;
const GENE = /^[A-Z][A-Z0-9]*(?:[-.@][A-Z0-9]+)*$/i;

/**
 * Reads a gene symbol, a variant or a range as people write them, with 1-based positions: `BRCA1`, `17-43044295-A-G`,
 * `chr17:43044295 A>G`, `NC_000017.11:g.43044295A>G`, `17:43,044,000-43,045,000`, `17:43044295`.
 */
export function readVariantText(text: string, assembly: Assembly): VariantReading | VariantProblem {
  const written = text.trim();
  if (written === '') return { kind: 'empty' };
  if (/^rs\d+$/i.test(written)) return problem('rsIdentifier', { text: written });
  if (/:[cnpr]\./i.test(written)) return problem('codingHgvs', { text: written });
  const hgvs = GENOMIC_HGVS.exec(written);
  if (hgvs !== null) {
    const change = SUBSTITUTION.exec(hgvs[2]!);
    if (change === null) return problem('hgvsChange', { text: hgvs[2]! });
    return readVariant(assembly, [hgvs[1]!, change[1]!, change[2]!, change[3]!]);
  }
  const range = RANGE.exec(written);
  if (range !== null) return readRange(assembly, range[1]!, range[2]!, range[3]);
  const parts = FOUR_PARTS.exec(written) ?? ARROW.exec(written);
  if (parts !== null) return readVariant(assembly, [parts[1]!, parts[2]!, parts[3]!, parts[4]!]);
  if (STARTED.test(written)) return problem('incomplete', { text: written });
  if (GENE.test(written) && written.length <= 30) return { kind: 'gene', symbol: canonicalSymbol(written) };
  return problem('notUnderstood', { text: written });
}

/** The one way to write a reading, which `readVariantText` reads back. */
export function writeVariantText(reading: VariantReading): string {
  switch (reading.kind) {
    case 'empty':
      return '';
    case 'gene':
      return reading.symbol;
    case 'variant':
      return `${reading.contig}-${reading.position + 1}-${reading.ref}-${reading.alt}`;
    case 'range':
      return `${reading.contig}:${reading.start + 1}-${reading.end}`;
  }
}

function readVariant(
  assembly: Assembly,
  [name, position, reference, alternate]: readonly [string, string, string, string],
): VariantReading | VariantProblem {
  const place = readPlace(assembly, name, position);
  if ('kind' in place) return place;
  const ref = reference.toUpperCase();
  const alt = alternate.toUpperCase();
  for (const bases of [ref, alt]) {
    if (!/^[ACGTN]+$/.test(bases)) return problem('badBases', { text: bases });
  }
  if (ref === alt) return problem('sameAlleles', { text: ref });
  return { kind: 'variant', contig: place.contig, position: place.position, ref, alt };
}

function readRange(
  assembly: Assembly,
  name: string,
  from: string,
  to: string | undefined,
): VariantReading | VariantProblem {
  const first = readPlace(assembly, name, from);
  if ('kind' in first) return first;
  const last = to === undefined ? first : readPlace(assembly, name, to);
  if ('kind' in last) return last;
  if (last.position < first.position) return problem('endBeforeStart', {});
  return { kind: 'range', contig: first.contig, start: first.position, end: last.position + 1 };
}

function readPlace(
  assembly: Assembly,
  name: string,
  position: string,
): { readonly contig: string; readonly position: number } | VariantProblem {
  const contig = resolveContig(assembly, name);
  if (contig.kind === 'unknown') return problem('unknownContig', { contig: name });
  if (contig.kind === 'other-assembly') {
    return problem('otherAssembly', { contig: name.toUpperCase(), other: contig.assembly, assembly });
  }
  const written = Number(position.replaceAll(/\D/g, ''));
  const length = contigLengthBp(assembly, contig.name) ?? Number.MAX_SAFE_INTEGER;
  if (written < 1) return problem('positionZero', {});
  if (written > length) return problem('beyondContig', { contig: contig.name, length, assembly });
  return { contig: contig.name, position: written - 1 };
}

/** HGNC symbols are upper case, but for the `orf` of `C1orf112`. */
function canonicalSymbol(text: string): string {
  return text.toUpperCase().replace(/^(C[0-9XY]+)ORF(\d+)$/, '$1orf$2');
}

function problem(code: VariantProblemCode, values: VariantProblem['values']): VariantProblem {
  return { kind: 'problem', code, values };
}
