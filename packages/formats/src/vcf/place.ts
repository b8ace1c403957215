import { FormatError, type FormatErrorCode } from '../errors.ts';

/** Where a fault lies. `column` counts tab-separated columns in a record, and characters in a meta line; both from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The fixed columns of a record, in order (VCF specification 1.6.1); samples follow. */
export const FIXED_COLUMNS = [
  'CHROM',
  'POS',
  'ID',
  'REF',
  'ALT',
  'QUAL',
  'FILTER',
  'INFO',
  'FORMAT',
] as const;

/** 1-based number of a fixed column. */
export const COLUMN = {
  CHROM: 1,
  POS: 2,
  ID: 3,
  REF: 4,
  ALT: 5,
  QUAL: 6,
  FILTER: 7,
  INFO: 8,
  FORMAT: 9,
} as const;

/**
 * A refusal whose location is line and tab-separated column. Messages may quote what a site column holds, never a genotype beside
 * a sample's name.
 */
export function refusal(code: FormatErrorCode, reason: string, place: Place): FormatError {
  return new FormatError(code, reason, { location: place });
}

/** Text of a file as an error quotes it: bounded, and without control characters. */
export function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, '?');
  return clean.length <= 60 ? `'${clean}'` : `'${clean.slice(0, 57)}…'`;
}
