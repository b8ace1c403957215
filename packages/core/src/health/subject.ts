/** A class of an ontology. */
export interface OntologyTerm {
  /** A CURIE: `HP:0001250`, `ORDO:558`, `NCIT:C20197`. */
  readonly id: string;
  readonly label?: string | undefined;
}

/** Every sex that a record can state. */
export const SEXES = ['female', 'male', 'other', 'unknown'] as const;
/** Sex at birth or administrative gender, as the source has it. */
export type Sex = (typeof SEXES)[number];

const SEX_TERMS: Readonly<Record<Sex, OntologyTerm>> = {
  female: { id: 'NCIT:C16576', label: 'Female' },
  male: { id: 'NCIT:C20197', label: 'Male' },
  other: { id: 'NCIT:C45908', label: 'Intersex' },
  unknown: { id: 'NCIT:C17998', label: 'Unknown' },
};

/** The NCIT term of a sex, as Beacon writes it. */
export function sexTerm(sex: Sex): OntologyTerm {
  return SEX_TERMS[sex];
}

const SEX_NAMES = new Map<string, Sex>([
  ['female', 'female'],
  ['f', 'female'],
  ['2', 'female'],
  ['ncit:c16576', 'female'],
  ['pato:0000383', 'female'],
  ['karyotypic:xx', 'female'],
  ['male', 'male'],
  ['m', 'male'],
  ['1', 'male'],
  ['ncit:c20197', 'male'],
  ['pato:0000384', 'male'],
  ['other', 'other'],
  ['other_sex', 'other'],
  ['ncit:c45908', 'other'],
  ['pato:0001340', 'other'],
  ['unknown', 'unknown'],
  ['unknown_sex', 'unknown'],
  ['', 'unknown'],
  ['0', 'unknown'],
  ['na', 'unknown'],
  ['ncit:c17998', 'unknown'],
]);

/** What tables, phenopackets, PLINK files and ontologies call a sex; `undefined` for anything else. */
export function parseSex(text: string): Sex | undefined {
  return SEX_NAMES.get(text.trim().toLowerCase());
}

/** What a coded statement is about. */
export type ObservationKind = 'phenotypicFeature' | 'disease' | 'intervention' | 'exposure' | 'other';

/** A coded statement about a person. `excluded` states that it was looked for and is absent: it never matches a filter. */
export interface Observation {
  readonly kind: ObservationKind;
  readonly term: OntologyTerm;
  readonly excluded: boolean;
  /** ISO 8601 duration since birth. */
  readonly ageOfOnset?: string | undefined;
}

/** A measured value of a person. */
export interface Measurement {
  readonly assay: OntologyTerm;
  /** In `unit`, as the source has it. */
  readonly value: number;
  /** A UCUM code or a CURIE; converted to the canonical unit of the assay when it becomes a bitmap. */
  readonly unit: OntologyTerm;
  readonly date?: string | undefined;
}

/** One person as a hospital describes them, whatever the file was: what formats produce and projections consume. */
export interface SubjectRecord {
  readonly id: string;
  readonly sex: Sex;
  /** ISO 8601, possibly only a year or a year and month. */
  readonly dateOfBirth?: string | undefined;
  /** ISO 8601 duration since birth, where no date of birth is given. */
  readonly ageAtLastEncounter?: string | undefined;
  readonly vitalStatus?: 'alive' | 'deceased' | undefined;
  readonly population?: string | undefined;
  readonly ethnicity?: OntologyTerm | undefined;
  readonly geographicOrigin?: OntologyTerm | undefined;
  readonly observations: readonly Observation[];
  readonly measurements: readonly Measurement[];
}
