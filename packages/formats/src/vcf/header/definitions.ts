/** How many values a field has: a number, one an ALT (`A`), an allele (`R`), a genotype (`G`), a GT allele (`P`), or any (`.`). */
export type FieldNumber = number | 'A' | 'R' | 'G' | 'P' | '.';
export type FieldType = 'Integer' | 'Float' | 'Flag' | 'Character' | 'String';

export interface FieldDefinition {
  readonly key: string;
  readonly number: FieldNumber;
  readonly type: FieldType;
}

/** A key that the specification defines. */
export interface ReservedField {
  /** The first is what an undeclared field is read as; a declaration may say any of them. */
  readonly numbers: readonly FieldNumber[];
  readonly types: readonly FieldType[];
  /** Minor version of VCF 4 that reserves it, and the last one that does. */
  readonly since: number;
  readonly until: number;
  /** Whether a value may be below zero. */
  readonly signed: boolean;
}

type Row = readonly [key: string, numbers: string, types: string, since?: number, until?: number];

const SIGNED: ReadonlySet<string> = new Set(['BQ', 'MQ', 'GL', 'GP']);

function table(rows: readonly Row[]): ReadonlyMap<string, ReservedField> {
  return new Map(
    rows.map(([key, numbers, types, since = 1, until = 9]) => [
      key,
      {
        numbers: numbers.split('|').flatMap((text) => parseFieldNumber(text) ?? []),
        types: types.split('|').filter(isFieldType),
        since,
        until,
        signed: SIGNED.has(key),
      },
    ]),
  );
}

export function isFieldType(text: string): text is FieldType {
  return ['Integer', 'Float', 'Flag', 'Character', 'String'].includes(text);
}

export function parseFieldNumber(text: string): FieldNumber | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return text === '.' || text === 'A' || text === 'G' || text === 'R' || text === 'P' ? text : undefined;
}

/**
 * VCF specification 1.6.1, "INFO keys". Behind the specification's own number and type stand those that common writers
 * declare instead: MQ as a Float (GATK), AF with Number=1 (Minimac, thus the imputation servers), AC and AF with any number.
 */
export const RESERVED_INFO = table([
  ['AA', '1', 'String'],
  ['AC', 'A|.', 'Integer'],
  ['AD', 'R|.', 'Integer', 3],
  ['ADF', 'R', 'Integer', 3],
  ['ADR', 'R', 'Integer', 3],
  ['AF', 'A|.|1', 'Float'],
  ['AN', '1', 'Integer'],
  ['BQ', '1', 'Float'],
  ['CIGAR', 'A', 'String'],
  ['DB', '0', 'Flag'],
  ['DP', '1', 'Integer'],
  ['END', '1', 'Integer'],
  ['H2', '0', 'Flag'],
  ['H3', '0', 'Flag'],
  ['MQ', '1', 'Float|Integer'],
  ['MQ0', '1', 'Integer'],
  ['NS', '1', 'Integer'],
  ['SOMATIC', '0', 'Flag'],
  ['VALIDATED', '0', 'Flag'],
  ['1000G', '0', 'Flag'],
]);

/**
 * VCF specification 1.6.2, "Genotype keys", with what common writers declare instead: GQ as a Float (freebayes), PS as a
 * String (Genome in a Bottle), likelihoods and probabilities with three values or any number (samtools, Minimac, GLIMPSE).
 */
export const RESERVED_FORMAT = table([
  ['GT', '1', 'String'],
  ['AD', 'R|.', 'Integer', 3],
  ['ADF', 'R', 'Integer', 3],
  ['ADR', 'R', 'Integer', 3],
  ['DP', '1', 'Integer'],
  ['EC', 'A', 'Integer'],
  ['FT', '1', 'String'],
  ['GL', 'G|.|3', 'Float'],
  ['GLE', 'G', 'String', 1, 2],
  ['GP', 'G|.|3', 'Float'],
  ['GQ', '1', 'Integer|Float'],
  ['HQ', '2', 'Integer'],
  ['MQ', '1', 'Integer'],
  ['PL', 'G|.|3', 'Integer'],
  ['PQ', '1', 'Integer'],
  ['PS', '1', 'Integer|String'],
]);

/** What the specification of VCF 4.`minor` says of a key, if anything. */
export function reservedField(
  reserved: ReadonlyMap<string, ReservedField>,
  key: string,
  minor: number,
): ReservedField | undefined {
  const field = reserved.get(key);
  if (field === undefined || minor < field.since || minor > field.until) return undefined;
  return field;
}
