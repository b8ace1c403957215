import { isContigName } from '../header/contig-name.ts';
import { quoted } from '../place.ts';

/** Says what is wrong with the text of a column. */
export type Complain = (reason: string) => Error;

export function checkContig(text: string, minor: number, complain: Complain): void {
  const name = text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
  if (!isContigName(name, minor)) throw complain(`CHROM ${quoted(text)} is not the name of a contig`);
}

/** 0-based; a telomere (POS 0) is -1. */
export function parsePosition(text: string, complain: Complain): number {
  if (!/^\d{1,15}$/.test(text)) throw complain(`POS ${quoted(text)} is not a whole number from 0`);
  return Number(text) - 1;
}

export function parseIds(text: string, minor: number, complain: Complain): readonly string[] {
  if (text === '.') return NONE;
  if (/\s/.test(text)) throw complain('ID contains white space');
  const ids = text.split(';');
  if (ids.includes('')) throw complain('ID has an empty part between semicolons');
  if (minor >= 3 && new Set(ids).size < ids.length) throw complain('ID has a value twice');
  return ids;
}

/** Upper case. PLINK's numbers for alleles (1 to 4) are accepted as they are. */
export function parseRef(text: string, complain: Complain): string {
  if (/^[ACGTN]+$/.test(text)) return text;
  if (/^[ACGTNacgtn]+$/.test(text)) return text.toUpperCase();
  if (/^[1-4]$/.test(text)) return text;
  throw complain(`REF ${quoted(text)} is not a sequence of A, C, G, T and N`);
}

const SINGLE_BASES = ['A', 'C', 'G', 'T'].map((base) => [base]);

/** The alternate alleles; none for `.`. Bases in upper case, symbolic alleles and breakends as they are. */
export function parseAlts(text: string, complain: Complain): readonly string[] {
  if (text.length === 1) {
    const index = 'ACGT'.indexOf(text);
    if (index >= 0) return SINGLE_BASES[index]!;
    if (text === '.') return NONE;
  }
  return text.split(',').map((alt) => parseAlt(alt, complain));
}

// VCF specification 5.4: t[p[ and t]p], [p[t and ]p]t, and single breakends.
const BREAKENDS = [
  /^([ACGTN]+|\.)([[\]])(<[^<>\s]+>|[^\s[\]<>]+):\d+\2$/i,
  /^([[\]])(<[^<>\s]+>|[^\s[\]<>]+):\d+\1([ACGTN]+|\.)$/i,
  /^\.[ACGTN]+$/i,
  /^[ACGTN]+\.$/i,
];

function parseAlt(text: string, complain: Complain): string {
  if (/^[ACGTN]+$/.test(text) || text === '*' || /^<[^<>\s,]+>$/.test(text)) return text;
  if (/^[ACGTNacgtn]+$/.test(text)) return text.toUpperCase();
  if (/^[1-4]$/.test(text)) return text;
  if (BREAKENDS.some((pattern) => pattern.test(text))) return text;
  if (text === '') throw complain('ALT has an empty allele between commas');
  if (text.startsWith('<')) throw complain(`ALT ${quoted(text)} is not a symbolic allele: expected <ID>`);
  if (/[[\]]/.test(text))
    throw complain(`ALT ${quoted(text)} is not a breakend: expected bases beside [contig:position[`);
  throw complain(`ALT ${quoted(text)} is neither bases, <ID>, *, nor a breakend`);
}

export function checkQual(text: string, complain: Complain): void {
  if (text === '.' || /^\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return;
  if (/^(\+?inf(inity)?|nan)$/i.test(text)) return;
  throw complain(`QUAL ${quoted(text)} is not a number from 0`);
}

/** Of a column that is a point. */
export const NONE: readonly string[] = [];
export const PASS: readonly string[] = ['PASS'];

/** The filters that failed, `PASS`, or none for `.`. */
export function parseFilters(text: string, minor: number, complain: Complain): readonly string[] {
  if (text === 'PASS') return PASS;
  if (text === '.') return NONE;
  if (/\s/.test(text)) throw complain('FILTER contains white space');
  const filters = text.split(';');
  if (filters.includes('')) throw complain('FILTER has an empty part between semicolons');
  if (filters.includes('.')) throw complain('FILTER has a missing value beside others');
  if (filters.includes('0')) throw complain('FILTER has the reserved value 0');
  if (minor >= 3 && new Set(filters).size < filters.length) throw complain('FILTER has a value twice');
  return filters;
}
