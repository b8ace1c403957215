import { expect, test } from 'vitest';
import type { LocatedSubject } from '../subjects/located.ts';
import { parseMapping } from './mapping.ts';
import { tableSubjects } from './table-subjects.ts';

async function read(table: string, mapping?: string): Promise<readonly LocatedSubject[]> {
  async function* chunks() {
    for (let at = 0; at < table.length; at += 7) yield table.slice(at, at + 7);
  }
  const parsed = mapping === undefined ? undefined : parseMapping(mapping, 'map.yaml');
  const found: LocatedSubject[] = [];
  for await (const each of tableSubjects(chunks(), 'people.csv', parsed)) found.push(each);
  return found;
}

const subjects = async (table: string, mapping?: string) =>
  (await read(table, mapping)).map(({ subject }) => subject);

test('a table with Federome’s own columns needs no mapping', async () => {
  const table = [
    'id,sex,birthDate,population,terms,note',
    'A,female,1980-05-17,FIN,HP:0001250;!HP:0000252|NOT ORPHA:558,x',
    'B,M,1975,,,"a, b"',
  ].join('\n');
  expect(await subjects(table)).toMatchObject([
    {
      id: 'A',
      sex: 'female',
      dateOfBirth: '1980-05-17',
      population: 'FIN',
      observations: [
        { kind: 'phenotypicFeature', term: { id: 'HP:0001250' }, excluded: false },
        { kind: 'phenotypicFeature', term: { id: 'HP:0000252' }, excluded: true },
        { kind: 'disease', term: { id: 'ORDO:558' }, excluded: true },
      ],
    },
    { id: 'B', sex: 'male', dateOfBirth: '1975', population: undefined, observations: [], measurements: [] },
  ]);
});

test.each([',', '\t', ';', '|'])('fields may be separated by %j', async (delimiter) => {
  const table = [
    ['id', 'sex', 'population'],
    ['A', 'F', 'FIN'],
  ]
    .map((row) => row.join(delimiter))
    .join('\r\n');
  expect(await subjects(table)).toMatchObject([{ id: 'A', sex: 'female', population: 'FIN' }]);
});

test('headers match by their exact name, then without regard to case and outer spaces', async () => {
  expect(await subjects(' ID , Sex \nA,2\n')).toMatchObject([{ id: 'A', sex: 'female' }]);
  expect(await subjects('ID,id,Sex\nA,B,1\n')).toMatchObject([{ id: 'B', sex: 'male' }]);
});

test('lines are those of the file, whatever rows hold', async () => {
  const found = await read('## about\nid,population\nA,"two\nlines"\n\nB,x\n');
  expect(found.map(({ subject, location }) => [subject.id, location.line])).toEqual([
    ['A', 3],
    ['B', 6],
  ]);
});

const MAPPING = `
id: person
sex: { column: gender, values: { w: female, m: male } }
age: years
vitalStatus: { column: dead, values: { 0: alive, 1: deceased } }
population: { constant: EST }
ethnicity: { column: origin, values: { afr: { id: NCIT:C42331, label: African }, other: null } }
terms:
  - codes
  - { column: epilepsy, values: { Yes: { id: HP:0001250, label: Seizure }, No: { id: HP:0001250, excluded: true }, 8: null } }
  - { column: diabetes, kind: disease, values: { 1: ICD10:E11 }, unlisted: ignore, ageOfOnset: { column: since, unit: months } }
measurements:
  - { column: height, assay: { id: LOINC:8302-2, label: Body height }, unit: "[in_i]", date: seen }
  - { column: weight, assay: LOINC:29463-7, unit: { id: NCIT:C28252, label: Kilogram } }
missing: [NA, -9]
`;
const HEADER = 'person,gender,years,dead,origin,codes,epilepsy,diabetes,since,height,weight,seen';

test('a mapping says what columns mean', async () => {
  const table = `${HEADER}\nA,w,47,0,afr,OMIM:1,Yes,1,30,70.5,80,2020-05-01\nB,m,0.5,1,other,,No,3,-9,-9,NA,NA\n`;
  const [a, b] = await subjects(table, MAPPING);
  expect(a).toMatchObject({
    id: 'A',
    sex: 'female',
    ageAtLastEncounter: 'P47Y',
    vitalStatus: 'alive',
    population: 'EST',
    ethnicity: { id: 'NCIT:C42331', label: 'African' },
    observations: [
      { kind: 'disease', term: { id: 'OMIM:1' }, excluded: false },
      { kind: 'phenotypicFeature', term: { id: 'HP:0001250', label: 'Seizure' }, excluded: false },
      { kind: 'disease', term: { id: 'ICD10:E11' }, excluded: false, ageOfOnset: 'P30M' },
    ],
    measurements: [
      { assay: { id: 'LOINC:8302-2' }, value: 70.5, unit: { id: 'UCUM:[in_i]' }, date: '2020-05-01' },
      { assay: { id: 'LOINC:29463-7' }, value: 80, unit: { id: 'NCIT:C28252', label: 'Kilogram' } },
    ],
  });
  expect(b).toMatchObject({
    sex: 'male',
    ageAtLastEncounter: 'P0Y182D',
    vitalStatus: 'deceased',
    ethnicity: undefined,
    observations: [{ term: { id: 'HP:0001250' }, excluded: true }],
    measurements: [],
  });
});

test('a mapping may be JSON', async () => {
  expect(
    await subjects(
      'x\tm\nA\t2.5\n',
      '{"id": "x", "measurements": [{"column": "M", "assay": "LOINC:1-1", "unit": "cm"}]}',
    ),
  ).toMatchObject([{ id: 'A', measurements: [{ value: 2.5, unit: { id: 'UCUM:cm' } }] }]);
});

test('a column that the table lacks is refused at its line of the mapping, with the columns there are', async () => {
  await expect(read('a,b\n1,2\n', 'id: a\nterms:\n  - { column: c }\n')).rejects.toMatchObject({
    code: 'formats/missing-column',
    message: 'people.csv has no column "c"; it has "a", "b"',
    location: { file: 'map.yaml', line: 3, column: 15 },
  });
  await expect(read('name,sex\nA,F\n')).rejects.toMatchObject({
    code: 'formats/missing-column',
    message: 'has no column "id"; it has "name", "sex"',
    location: { file: 'people.csv', line: 1 },
  });
  const many = Array.from({ length: 900 }, (_, index) => `c${index}`).join();
  await expect(read(`${many}\n`)).rejects.toMatchObject({
    message: expect.stringMatching(/"c19" and 880 others$/),
  });
});

test.each([
  ['id: [a', 1, /not valid YAML/],
  ['sex: sex', 1, /the mapping has no "id"/],
  ['id: a\nhight: b', 2, /unknown field "hight"/],
  ['id: a\nmeasurements:\n  - { column: b, assay: LOINC:1-1 }', 3, /measurements.0 has no "unit"/],
  [
    'id: a\nmeasurements:\n  - { column: b, assay: "height", unit: cm }',
    3,
    /measurements.0.assay: expected a CURIE/,
  ],
  ['id: a\nsex: { column: b, values: { x: woman } }', 2, /sex.values.x: expected female, male/],
  ['id: a\nterms:\n  - { column: b, kind: sickness }', 3, /terms/],
  ['id: a\nage: 7', 2, /age/],
])('the mapping %j is refused at line %i', async (mapping, line, message) => {
  const error = await read('a,b\n1,2\n', mapping).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'formats/mapping', location: { file: 'map.yaml', line } });
  expect(String(error)).toMatch(message);
});

test.each([
  ['id,sex\nA,F\nB,perhaps\n', 3, /column "sex": expected female, male/],
  ['id,sex\n,F\n', 2, /column "id": expected the id of a subject/],
  ['id,birthDate\nA,17.05.1980\n', 2, /expected an ISO 8601 date/],
  ['id,birthDate\nA,1980-02-30\n', 2, /expected an ISO 8601 date/],
  ['id,terms\nA,HP:1;seizure\n', 2, /expected a CURIE such as HP:0001250, not "seizure"/],
  ['id,sex\nA,F\nB\n', 3, /has 1 fields on this line, expected 2/],
  ['id,sex,sex\nA,F,M\n', 1, /names the column "sex" twice/],
])('%j is refused at line %i', async (table, line, message) => {
  const error = await read(table).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'formats/table', location: { file: 'people.csv', line } });
  expect(String(error)).toMatch(message);
});

test.each([
  ['id: a\nage: b', 'old', /expected a number/],
  ['id: a\nage: b', '470', /expected an age of 0 to 150 years/],
  [
    'id: a\nmeasurements: [{ column: b, assay: LOINC:1-1, unit: cm }]',
    '1,5',
    /expected a number with a decimal point/,
  ],
  ['id: a\nterms: [{ column: b, values: { Yes: HP:1 } }]', 'yes', /not among the mapping's values "Yes"/],
  ['id: a\nvitalStatus: b', 'gone', /expected alive, deceased or unknown/],
])('with the mapping %j the value %j is refused', async (mapping, value, message) => {
  await expect(read(`a;b\nX;${value}\n`, mapping)).rejects.toThrow(message);
});

test('a table that ends inside a quoted field is cut', async () => {
  await expect(read('id,population\nA,"FI')).rejects.toMatchObject({ code: 'formats/truncated' });
});
