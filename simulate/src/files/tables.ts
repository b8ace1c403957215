import type { Measurement, SubjectRecord } from '@federome/core';
import { HEIGHT, LDL, WEIGHT } from '../health/measurements.ts';

const CENTIMETRES_PER_INCH = 2.54;
const KILOGRAMS_PER_POUND = 0.453_592_37;

/** Header of the table that needs no mapping. */
export const PLAIN_COLUMNS = 'id,sex,birthDate,population,terms\n';

/** A row of the table that needs no mapping: terms separated by `;`, with `!` before those that are absent. */
export function plainRow(subject: SubjectRecord): string {
  const { id, sex, dateOfBirth, population } = subject;
  return `${[id, sex, dateOfBirth, population, statedTerms(subject, () => true)].join(',')}\n`;
}

/** Header of a table with its own column names, whose heights are in inches and weights in pounds. */
export const MAPPED_COLUMNS =
  'patient,gender,born,region,height_in,weight_lb,ldl_mmol_l,phenotypes,diagnoses\n';

/** A row of the table that `MAPPING` explains; empty where nothing was measured. */
export function mappedRow(subject: SubjectRecord): string {
  const { id, sex, dateOfBirth, population, measurements } = subject;
  return `${[
    id,
    sex === 'male' ? 'M' : 'F',
    dateOfBirth,
    population,
    valueIn(measurements, HEIGHT.id, CENTIMETRES_PER_INCH),
    valueIn(measurements, WEIGHT.id, KILOGRAMS_PER_POUND),
    valueIn(measurements, LDL.id, 1),
    statedTerms(subject, (term) => term.startsWith('HP:')),
    statedTerms(subject, (term) => !term.startsWith('HP:')),
  ].join(',')}\n`;
}

function statedTerms(subject: SubjectRecord, wanted: (id: string) => boolean): string {
  return subject.observations
    .filter(({ term }) => wanted(term.id))
    .map(({ term, excluded }) => `${excluded ? '!' : ''}${term.id}`)
    .join(';');
}

function valueIn(measurements: readonly Measurement[], assay: string, perUnit: number): string {
  const found = measurements.find((measurement) => measurement.assay.id === assay);
  return found === undefined ? '' : (found.value / perUnit).toFixed(2);
}
