import { SimulateError } from '../errors.ts';

/** How a hospital of a country hands over its people's health records. */
export type RecordFormat = 'phenopackets' | 'beacon-individuals' | 'table' | 'table-with-mapping';

/** What distinguishes one country's synthetic people and files from another's. */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
  /** Balding–Nichols F against the common ancestors: the drift since the split. */
  readonly drift: number;
  /** Share of the network's young variants that arose here, relative to its people; a bottleneck loses them. */
  readonly youngVariants: number;
  /** Factor on the copies of young variants: after a bottleneck few are left and those became frequent. */
  readonly youngCopies: number;
  readonly records: RecordFormat;
  /** `22` or `chr22`. */
  readonly contigPrefix: '' | 'chr';
  readonly phased: boolean;
  /** Genotypes as one file, or as one a chromosome. */
  readonly files: 'one' | 'per-contig';
  /** Share of calls not made. */
  readonly missing: number;
  /** Shares of people who permit each scope. */
  readonly consent: {
    readonly 'allele-frequency': number;
    readonly 'subject-level-query': number;
    readonly 'secondary-use': number;
  };
}

export const DEFAULT_COUNTRIES: readonly string[] = ['EE', 'ES', 'FI', 'IT', 'LU'];

const NAMES = new Map([
  ['AT', 'Austria'],
  ['BE', 'Belgium'],
  ['BG', 'Bulgaria'],
  ['CY', 'Cyprus'],
  ['CZ', 'Czechia'],
  ['DE', 'Germany'],
  ['DK', 'Denmark'],
  ['EE', 'Estonia'],
  ['ES', 'Spain'],
  ['FI', 'Finland'],
  ['FR', 'France'],
  ['GR', 'Greece'],
  ['HR', 'Croatia'],
  ['HU', 'Hungary'],
  ['IE', 'Ireland'],
  ['IT', 'Italy'],
  ['LT', 'Lithuania'],
  ['LU', 'Luxembourg'],
  ['LV', 'Latvia'],
  ['MT', 'Malta'],
  ['NL', 'Netherlands'],
  ['PL', 'Poland'],
  ['PT', 'Portugal'],
  ['RO', 'Romania'],
  ['SE', 'Sweden'],
  ['SI', 'Slovenia'],
  ['SK', 'Slovakia'],
]);

const USUAL: Omit<Country, 'code' | 'name'> = {
  drift: 0.002,
  youngVariants: 1,
  youngCopies: 1,
  records: 'phenopackets',
  contigPrefix: 'chr',
  phased: true,
  files: 'one',
  missing: 0.003,
  consent: { 'allele-frequency': 0.97, 'subject-level-query': 0.92, 'secondary-use': 0.85 },
};

const PARTICULAR: Readonly<Record<string, Partial<Country>>> = {
  EE: {
    drift: 0.004,
    consent: { 'allele-frequency': 0.98, 'subject-level-query': 0.95, 'secondary-use': 0.9 },
  },
  ES: { records: 'table-with-mapping', contigPrefix: '', drift: 0.002 },
  FI: {
    drift: 0.014,
    youngVariants: 0.55,
    youngCopies: 4,
    files: 'per-contig',
    consent: { 'allele-frequency': 0.98, 'subject-level-query': 0.94, 'secondary-use': 0.88 },
  },
  IT: { records: 'table', drift: 0.003, missing: 0.005 },
  LU: { records: 'beacon-individuals', contigPrefix: '', phased: false, drift: 0.0025 },
  IE: { drift: 0.003, records: 'table' },
  MT: { drift: 0.008, youngVariants: 0.7, youngCopies: 2 },
  DE: { records: 'table' },
  FR: { records: 'beacon-individuals', contigPrefix: '' },
};

/** The parameters of a country of the European Union. Throws `simulate/unknown-country`. */
export function countryOf(code: string): Country {
  const name = NAMES.get(code);
  if (name === undefined) {
    throw new SimulateError(
      'simulate/unknown-country',
      `'${code}' is not a country of the European Union: expected ISO 3166-1 codes such as ${DEFAULT_COUNTRIES.join(',')}`,
    );
  }
  return { ...USUAL, code, name, ...PARTICULAR[code] };
}
