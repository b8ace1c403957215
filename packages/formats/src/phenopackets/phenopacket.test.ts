import { expect, test } from 'vitest';
import { phenopacketSubject } from './phenopacket.ts';

const packet = (fields: Readonly<Record<string, unknown>>, subject: Readonly<Record<string, unknown>> = {}) =>
  phenopacketSubject({ id: 'p', subject: { id: 'S1', ...subject }, ...fields });
const term = (id: string) => ({ id, label: id });

test('a phenopacket becomes the record of its subject', () => {
  const subject = packet(
    {
      phenotypicFeatures: [
        { type: term('HP:0001250'), onset: { age: { iso8601duration: 'P3Y' } } },
        { type: term('HP:0000252'), excluded: true },
      ],
      diseases: [{ term: term('Orphanet:558'), onset: { ontologyClass: term('HP:0003593') } }],
      medicalActions: [
        { treatment: { agent: term('DrugCentral:1610') } },
        { procedure: { code: term('NCIT:C15189') } },
      ],
      measurements: [
        {
          assay: term('LOINC:8302-2'),
          value: { quantity: { unit: { id: 'cm' }, value: '171.5' } },
          timeObserved: { timestamp: '2020-01-02T10:00:00Z' },
        },
      ],
    },
    { sex: 'FEMALE', dateOfBirth: '1980-05-17T00:00:00Z', vitalStatus: { status: 'ALIVE' } },
  );
  expect(subject).toMatchObject({
    id: 'S1',
    sex: 'female',
    dateOfBirth: '1980-05-17',
    vitalStatus: 'alive',
    observations: [
      { kind: 'phenotypicFeature', term: { id: 'HP:0001250' }, excluded: false, ageOfOnset: 'P3Y' },
      { kind: 'phenotypicFeature', term: { id: 'HP:0000252' }, excluded: true },
      { kind: 'disease', term: { id: 'ORDO:558' }, excluded: false, ageOfOnset: undefined },
      { kind: 'intervention', term: { id: 'DrugCentral:1610' }, excluded: false },
      { kind: 'intervention', term: { id: 'NCIT:C15189' }, excluded: false },
    ],
    measurements: [
      { assay: { id: 'LOINC:8302-2' }, value: 171.5, unit: { id: 'UCUM:cm' }, date: '2020-01-02' },
    ],
  });
});

test('snake_case names, enumerations as numbers and null are read as proto-JSON allows', () => {
  const subject = phenopacketSubject({
    subject: {
      id: 17,
      sex: 2,
      date_of_birth: null,
      time_at_last_encounter: { age: { iso8601duration: 'P40Y' } },
    },
    phenotypic_features: [{ type: { id: 'HP:0001250' }, excluded: 'true' }],
    interpretations: null,
  });
  expect(subject).toMatchObject({ id: '17', sex: 'male', ageAtLastEncounter: 'P40Y' });
  expect(subject.observations).toEqual([
    { kind: 'phenotypicFeature', term: { id: 'HP:0001250' }, excluded: true, ageOfOnset: undefined },
  ]);
});

test.each([
  ['UNKNOWN_SEX', 'unknown'],
  ['FEMALE', 'female'],
  ['MALE', 'male'],
  ['OTHER_SEX', 'other'],
  [0, 'unknown'],
  [1, 'female'],
  [3, 'other'],
  [undefined, 'unknown'],
])('the sex %s is %s', (sex, expected) => {
  expect(packet({}, sex === undefined ? {} : { sex }).sex).toBe(expected);
});

test.each([
  [{ age: { iso8601duration: 'P32Y6M' } }, 'P32Y6M'],
  [{ ageRange: { start: { iso8601duration: 'P40Y' }, end: { iso8601duration: 'P45Y' } } }, 'P40Y'],
  [{ timestamp: '2020-03-01T00:00:00Z' }, 'P39Y9M13D'],
  [{ ontologyClass: { id: 'HP:0003581', label: 'Adult onset' } }, undefined],
  [{ gestationalAge: { weeks: 31, days: 5 } }, undefined],
])('an age given as %j is %s', (timeAtLastEncounter, expected) => {
  const subject = packet({}, { dateOfBirth: '1980-05-17T00:00:00Z', timeAtLastEncounter });
  expect(subject.ageAtLastEncounter).toBe(expected);
});

test('only a solved interpretation is a disease, and what `diseases` says of it stands', () => {
  const interpretation = (progressStatus: string | number, id: string) => ({
    progressStatus,
    diagnosis: { disease: term(id) },
  });
  const { observations } = packet({
    diseases: [{ term: term('OMIM:1'), excluded: true }],
    interpretations: [
      interpretation('SOLVED', 'OMIM:1'),
      interpretation('SOLVED', 'OMIM:2'),
      interpretation(3, 'OMIM:3'),
      interpretation('COMPLETED', 'OMIM:4'),
      interpretation('IN_PROGRESS', 'OMIM:5'),
      interpretation('UNSOLVED', 'OMIM:6'),
    ],
  });
  expect(observations.map((each) => [each.term.id, each.excluded])).toEqual([
    ['OMIM:1', true],
    ['OMIM:2', false],
    ['OMIM:3', false],
  ]);
});

test('every quantity of a complex value is a measurement of its own type', () => {
  const quantity = (value: number) => ({ value, unit: term('NCIT:C49670') });
  const { measurements } = packet({
    measurements: [
      {
        assay: term('CMO:0000003'),
        complexValue: {
          typedQuantities: [
            { type: term('NCIT:C25298'), quantity: quantity(125) },
            { type: term('NCIT:C25299'), quantity: quantity(75) },
          ],
        },
      },
      { assay: term('LOINC:5802-4'), value: { ontologyClass: term('NCIT:C38757') } },
    ],
  });
  expect(measurements.map(({ assay, value }) => [assay.id, value])).toEqual([
    ['NCIT:C25298', 125],
    ['NCIT:C25299', 75],
  ]);
});

test.each([
  [{}, /has no "subject"; expected the individual/],
  [{ subject: {} }, /\/subject has no "id"; expected the subject's id/],
  [{ subject: { id: ' ' } }, /\/subject\/id must be the subject's id/],
  [
    { subject: { id: 'S', sex: 'WOMAN' } },
    /\/subject\/sex must be one of UNKNOWN_SEX, FEMALE, MALE, OTHER_SEX/,
  ],
  [
    { subject: { id: 'S', dateOfBirth: '1980-13-01T00:00:00Z' } },
    /\/subject\/dateOfBirth must be an ISO 8601 date/,
  ],
  [
    { subject: { id: 'S', timeAtLastEncounter: { age: { iso8601duration: '32 years' } } } },
    /\/subject\/timeAtLastEncounter must be an ISO 8601 duration/,
  ],
  [
    { subject: { id: 'S' }, phenotypicFeatures: [{ type: { id: 'HP_0001250' } }] },
    /\/phenotypicFeatures\/0\/type\/id must be a CURIE such as HP:0001250, not "HP_0001250"/,
  ],
  [{ subject: { id: 'S' }, phenotypicFeatures: [{}] }, /\/phenotypicFeatures\/0 has no "type"/],
  [{ subject: { id: 'S' }, phenotypicFeatures: {} }, /\/phenotypicFeatures must be an array/],
  [
    { subject: { id: 'S' }, diseases: [{ term: { id: 'OMIM:1' }, excluded: 'perhaps' }] },
    /\/diseases\/0\/excluded must be true or false/,
  ],
  [
    {
      subject: { id: 'S' },
      measurements: [
        { assay: { id: 'LOINC:1-1' }, value: { quantity: { unit: { id: 'cm' }, value: 'tall' } } },
      ],
    },
    /\/measurements\/0\/value\/quantity\/value must be a finite number/,
  ],
])('%j is refused', (value, message) => {
  expect(() => phenopacketSubject(value)).toThrow(message);
});
