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
  readonly number: FieldNumber;
  /** The first is what an undeclared field is read as; a declaration may say any of them. */
  readonly types: readonly FieldType[];
  /** Minor version of VCF 4 that reserves it, and the last one that does. */
  readonly since: number;
  readonly until?: number;
  /** Whether a value may be below zero. */
  readonly signed: boolean;
}

type Row = readonly [key: string, number: FieldNumber, types: string, since?: number, until?: number];

function table(rows: readonly Row[]): ReadonlyMap<string, ReservedField> {
  return new Map(
    rows.map(([key, number, types, since = 1, until]) => [
      key,
      {
        number,
        types: types.split('|').filter(isFieldType),
        since,
        ...(until === undefined ? {} : { until }),
        signed: SIGNED.has(key),
      },
    ]),
  );
}

export function isFieldType(text: string): text is FieldType {
  return ['Integer', 'Float', 'Flag', 'Character', 'String'].includes(text);
}

const SIGNED: ReadonlySet<string> = new Set(['BQ', 'MQ', 'SB', 'GL', 'GP']);

/** VCF specification 1.6.1, "INFO keys". MQ is an Integer there and a Float in most files. */
export const RESERVED_INFO = table([
  ['AA', 1, 'String'],
  ['AC', 'A', 'Integer'],
  ['AD', 'R', 'Integer', 3],
  ['ADF', 'R', 'Integer', 3],
  ['ADR', 'R', 'Integer', 3],
  ['AF', 'A', 'Float'],
  ['AN', 1, 'Integer'],
  ['BQ', 1, 'Float'],
  ['CIGAR', 'A', 'String'],
  ['DB', 0, 'Flag'],
  ['DP', 1, 'Integer'],
  ['END', 1, 'Integer'],
  ['H2', 0, 'Flag'],
  ['H3', 0, 'Flag'],
  ['MQ', 1, 'Float|Integer'],
  ['MQ0', 1, 'Integer'],
  ['NS', 1, 'Integer'],
  ['SOMATIC', 0, 'Flag'],
  ['VALIDATED', 0, 'Flag'],
  ['1000G', 0, 'Flag'],
]);

/** VCF specification 1.6.2, "Genotype keys". */
export const RESERVED_FORMAT = table([
  ['GT', 1, 'String'],
  ['AD', 'R', 'Integer', 3],
  ['ADF', 'R', 'Integer', 3],
  ['ADR', 'R', 'Integer', 3],
  ['DP', 1, 'Integer'],
  ['EC', 'A', 'Integer'],
  ['FT', 1, 'String'],
  ['GL', 'G', 'Float'],
  ['GLE', 'G', 'String', 1, 2],
  ['GP', 'G', 'Float'],
  ['GQ', 1, 'Integer'],
  ['HQ', 2, 'Integer'],
  ['MQ', 1, 'Integer'],
  ['PL', 'G', 'Integer'],
  ['PQ', 1, 'Integer'],
  ['PS', 1, 'Integer'],
]);

/** What the specification of VCF 4.`minor` says of a key, if anything. */
export function reservedField(
  reserved: ReadonlyMap<string, ReservedField>,
  key: string,
  minor: number,
): ReservedField | undefined {
  const field = reserved.get(key);
  if (field === undefined || minor < field.since || minor > (field.until ?? minor)) return undefined;
  return field;
}
