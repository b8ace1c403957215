import {
  type Measurement,
  type Observation,
  type ObservationKind,
  type OntologyTerm,
  parseSex,
  type Sex,
  type SubjectRecord,
} from '@federome/core';
import type { Static } from 'typebox';
import { conform, Mismatch, named } from '../json/conform.ts';
import { type OntologyClass, termOf, unitOf } from '../phenopackets/ontology-class.ts';
import { ageOf, dateOf, type TimeElement } from '../phenopackets/time-element.ts';
import { BeaconIndividual, type Quantity } from './schema.ts';

type Individual = Static<typeof BeaconIndividual>;
type Path = readonly string[];

/**
 * The subject that a Beacon v2 individual (one element of Beacon Friendly Format's `individuals`) describes. Treatments,
 * interventions and procedures are interventions. The model has no field for the date of birth and the population:
 * `info.dateOfBirth` and `info.population` are read where they are strings. Measures whose value is an ontology term are
 * not numbers and are left out.
 *
 * @throws Mismatch naming the field and what was expected.
 */
export function individualSubject(value: unknown): SubjectRecord {
  const individual = conform(BeaconIndividual, value);
  const { info, ethnicity, geographicOrigin } = individual;
  const birth =
    typeof info?.dateOfBirth === 'string' ? dateOf(info.dateOfBirth, ['info', 'dateOfBirth']) : undefined;
  return {
    id: individual.id.trim(),
    sex: sexOf(individual.sex),
    dateOfBirth: birth,
    population: typeof info?.population === 'string' ? info.population : undefined,
    ethnicity: ethnicity === undefined ? undefined : termOf(ethnicity, ['ethnicity']),
    geographicOrigin:
      geographicOrigin === undefined ? undefined : termOf(geographicOrigin, ['geographicOrigin']),
    observations: observations(individual, birth),
    measurements: (individual.measures ?? []).flatMap((measure, index) =>
      measurementsOf(measure, ['measures', String(index)]),
    ),
  };
}

function sexOf(term: Individual['sex']): Sex {
  if (term === undefined) return 'unknown';
  const sex = parseSex(termOf(term, ['sex']).id) ?? parseSex(term.label ?? 'not given');
  if (sex !== undefined) return sex;
  throw new Mismatch(
    ['sex'],
    `${named(['sex', 'id'])} must be NCIT:C16576 (female), NCIT:C20197 (male), NCIT:C45908 (intersex) or NCIT:C17998 (unknown), not "${term.id}"`,
  );
}

function observations(individual: Individual, birth: string | undefined): readonly Observation[] {
  const observed = (
    kind: ObservationKind,
    path: Path,
    code: readonly [string, Static<typeof OntologyClass>],
    age: readonly [string, Static<typeof TimeElement> | undefined],
    excluded = false,
  ): Observation => ({
    kind,
    term: termOf(code[1], [...path, code[0]]),
    excluded,
    ageOfOnset: ageOf(age[1], birth, [...path, age[0]]),
  });
  const each = <T>(
    field: string,
    items: readonly T[] | undefined,
    make: (item: T, path: Path) => Observation,
  ) => (items ?? []).map((item, index) => make(item, [field, String(index)]));
  return [
    ...each('phenotypicFeatures', individual.phenotypicFeatures, (item, path) =>
      observed(
        'phenotypicFeature',
        path,
        ['featureType', item.featureType],
        ['onset', item.onset],
        item.excluded,
      ),
    ),
    ...each('diseases', individual.diseases, (item, path) =>
      observed(
        'disease',
        path,
        ['diseaseCode', item.diseaseCode],
        ['ageOfOnset', item.ageOfOnset],
        item.excluded,
      ),
    ),
    ...each('interventionsOrProcedures', individual.interventionsOrProcedures, (item, path) =>
      observed(
        'intervention',
        path,
        ['procedureCode', item.procedureCode],
        ['ageAtProcedure', item.ageAtProcedure],
      ),
    ),
    ...each('treatments', individual.treatments, (item, path) =>
      observed('intervention', path, ['treatmentCode', item.treatmentCode], ['ageAtOnset', item.ageAtOnset]),
    ),
    ...each('exposures', individual.exposures, (item, path) =>
      observed('exposure', path, ['exposureCode', item.exposureCode], ['ageAtExposure', item.ageAtExposure]),
    ),
  ];
}

function measurementsOf(
  measure: NonNullable<Individual['measures']>[number],
  path: Path,
): readonly Measurement[] {
  const date = measure.date === undefined ? undefined : dateOf(measure.date, [...path, 'date']);
  const { value, unit, quantity, typedQuantities, id } = measure.measurementValue;
  const at = [...path, 'measurementValue'];
  const measured = (assay: OntologyTerm, of: Static<typeof Quantity>, quantityAt: Path): Measurement => ({
    assay,
    value: of.value,
    unit: unitOf(of.unit, [...quantityAt, 'unit']),
    date,
  });
  const assay = termOf(measure.assayCode, [...path, 'assayCode']);
  if (typedQuantities !== undefined)
    return typedQuantities.map((typed, index) => {
      const typedAt = [...at, 'typedQuantities', String(index)];
      return measured(termOf(typed.quantityType, [...typedAt, 'quantityType']), typed.quantity, [
        ...typedAt,
        'quantity',
      ]);
    });
  if (quantity !== undefined) return [measured(assay, quantity, [...at, 'quantity'])];
  if (value !== undefined && unit !== undefined) return [measured(assay, { value, unit }, at)];
  if (id !== undefined) return [];
  throw new Mismatch(
    at,
    `${named(at)} must be a quantity with value and unit, typedQuantities, or an ontology term`,
  );
}
