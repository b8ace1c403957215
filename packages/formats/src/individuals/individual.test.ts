import { expect, test } from 'vitest';
import { individualSubject } from './individual.ts';

const female = { id: 'NCIT:C16576', label: 'female' };

test('a Beacon individual becomes the record of a subject', () => {
  const subject = individualSubject({
    id: 'HG00096',
    sex: { id: 'NCIT:C20197', label: 'male' },
    ethnicity: { id: 'NCIT:C42331', label: 'African' },
    geographicOrigin: { id: 'GAZ:00002641', label: 'England' },
    info: { population: 'GBR', dateOfBirth: '1950-02-03', other: [1] },
    diseases: [{ diseaseCode: { id: 'ICD10:D70' }, ageOfOnset: { iso8601duration: 'P7Y' } }],
    phenotypicFeatures: [{ featureType: { id: 'HP:0001250' }, excluded: true }],
    interventionsOrProcedures: [{ procedureCode: { id: 'OPCS4:L46.3' } }],
    treatments: [{ treatmentCode: { id: 'ATC:A10' } }],
    exposures: [{ exposureCode: { id: 'NCIT:C154329' }, ageAtExposure: { iso8601duration: 'P20Y' } }],
    measures: [
      {
        assayCode: { id: 'LOINC:3141-9' },
        date: '2021-09-24',
        measurementValue: { unit: { id: 'NCIT:C28252' }, value: 85.6358 },
      },
    ],
  });
  expect(subject).toMatchObject({
    id: 'HG00096',
    sex: 'male',
    dateOfBirth: '1950-02-03',
    population: 'GBR',
    ethnicity: { id: 'NCIT:C42331', label: 'African' },
    geographicOrigin: { id: 'GAZ:00002641' },
    observations: [
      { kind: 'phenotypicFeature', term: { id: 'HP:0001250' }, excluded: true },
      { kind: 'disease', term: { id: 'ICD10:D70' }, excluded: false, ageOfOnset: 'P7Y' },
      { kind: 'intervention', term: { id: 'OPCS4:L46.3' } },
      { kind: 'intervention', term: { id: 'ATC:A10' } },
      { kind: 'exposure', term: { id: 'NCIT:C154329' }, ageOfOnset: 'P20Y' },
    ],
    measurements: [
      { assay: { id: 'LOINC:3141-9' }, value: 85.6358, unit: { id: 'NCIT:C28252' }, date: '2021-09-24' },
    ],
  });
});

test('a measure is a quantity, wrapped or not, several typed ones, or a term that is no number', () => {
  const quantity = { value: 120, unit: { id: 'NCIT:C49670' } };
  const measure = (measurementValue: unknown) => ({ assayCode: { id: 'LOINC:85354-9' }, measurementValue });
  const { measurements } = individualSubject({
    id: 'A',
    sex: female,
    measures: [
      measure(quantity),
      measure({ quantity }),
      measure({ typedQuantities: [{ quantityType: { id: 'NCIT:C25298' }, quantity }] }),
      measure({ id: 'NCIT:C38757', label: 'Negative' }),
    ],
  });
  expect(measurements.map(({ assay, value }) => [assay.id, value])).toEqual([
    ['LOINC:85354-9', 120],
    ['LOINC:85354-9', 120],
    ['NCIT:C25298', 120],
  ]);
});

test.each([
  [{ sex: female }, /has no "id"/],
  [{ id: 'A', sex: { id: 'NCIT:C1', label: 'x' } }, /\/sex\/id must be NCIT:C16576/],
  [{ id: 'A', sex: 'female' }, /\/sex must be an ontology class/],
  [{ id: 'A', diseases: [{ diseaseCode: { id: 'D70' } }] }, /\/diseases\/0\/diseaseCode\/id must be a CURIE/],
  [{ id: 'A', measures: [{ assayCode: { id: 'LOINC:1-1' } }] }, /\/measures\/0 has no "measurementValue"/],
  [
    { id: 'A', measures: [{ assayCode: { id: 'LOINC:1-1' }, measurementValue: { value: 3 } }] },
    /\/measures\/0\/measurementValue must be a quantity/,
  ],
  [
    { id: 'A', measures: [{ assayCode: { id: 'LOINC:1-1' }, date: 'soon', measurementValue: {} }] },
    /\/measures\/0\/date must be an ISO 8601 date/,
  ],
])('%j is refused', (value, message) => {
  expect(() => individualSubject(value)).toThrow(message);
});
