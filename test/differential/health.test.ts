import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocatedSubject, readSubjects, toCanonical } from '@federome/formats';
import { hasShared, hasTool, outputOf, sharedPath, temporaryDirectory } from '@federome/testkit';
import { describe, expect, test } from 'vitest';

const PHENOPACKETS = 'data/phenopackets/phenopacket-store.tar.gz';
const CINECA = 'data/cineca/individuals.json';
const STUDIES = 'data/genotypes/1kg_three_studies_grch37/pheno';

async function everyone(path: string, mapping?: string): Promise<readonly LocatedSubject[]> {
  const found: LocatedSubject[] = [];
  for await (const each of readSubjects(path, { mapping })) found.push(each);
  return found;
}

/** Number of every distinct value, as `sort | uniq -c` gives it. */
function tally(values: Iterable<string>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

async function jqTally(source: string, filter: string): Promise<Readonly<Record<string, number>>> {
  const text = await outputOf('sh', ['-c', `${source} | jq -r '${filter}' | LC_ALL=C sort | uniq -c`]);
  const rows = [...text.matchAll(/^ *(\d+) (.*)$/gm)];
  return Object.fromEntries(rows.map(([, count, value]) => [value ?? '', Number(count)]));
}

describe.skipIf(!hasShared(PHENOPACKETS) || !hasTool('jq', 'tar'))('phenopacket-store', () => {
  const file = sharedPath(PHENOPACKETS);
  const content = `tar xzOf '${file}' --wildcards '*.json'`;

  test('every case loads, with the counts of every term, excluded or not, that jq gives', async () => {
    const people = await everyone(file);
    expect(people).toHaveLength(7186);
    const ours = people.flatMap(({ subject }) => [
      `sex ${subject.sex}`,
      `age ${subject.ageAtLastEncounter}`,
      `vital status ${subject.vitalStatus}`,
      ...subject.observations.map(({ kind, term, excluded }) => `${kind} ${term.id} ${excluded}`),
      ...subject.measurements.map(({ assay, value, unit }) => `${assay.id} ${value} ${unit.id}`),
    ]);
    // Every case is solved, and its diagnosis is among its diseases: no disease counts twice.
    const theirs = await jqTally(
      content,
      `("sex " + ({FEMALE: "female", MALE: "male", OTHER_SEX: "other"}[.subject.sex // "UNKNOWN_SEX"] // "unknown")),
       ("age " + (.subject.timeAtLastEncounter.age.iso8601duration // "undefined")),
       ("vital status " + (.subject.vitalStatus.status // "undefined" | ascii_downcase)),
       (.phenotypicFeatures[]? | "phenotypicFeature \\(.type.id) \\(.excluded // false)"),
       (.diseases[]? | "disease \\(.term.id) \\(.excluded // false)"),
       (.measurements[]? | "\\(.assay.id) \\(.value.quantity.value) \\(.value.quantity.unit.id)")`,
    );
    expect(tally(ours)).toEqual(theirs);
    expect(theirs).toMatchObject({ 'phenotypicFeature HP:0001250 false': 578, 'vital status deceased': 516 });
  });
});

describe.skipIf(!hasShared(CINECA) || !hasTool('jq'))('CINECA', () => {
  test('every individual loads, with the counts that jq gives', async () => {
    const people = await everyone(sharedPath(CINECA));
    const source = `jq -c '.[]' '${sharedPath(CINECA)}'`;
    expect(people).toHaveLength(2504);
    expect(new Set(people.map(({ location }) => location.column)).size).toBe(2504);
    const same = async (ours: Iterable<string>, filter: string) =>
      expect(tally(ours)).toEqual(await jqTally(source, filter));
    const subjects = people.map(({ subject }) => subject);
    const observed = (kind: string) =>
      subjects.flatMap(({ observations }) =>
        observations.filter((each) => each.kind === kind).map(({ term }) => term.id),
      );
    await same(
      subjects.map(({ sex }) => sex),
      '.sex.label',
    );
    await same(
      subjects.flatMap(({ ethnicity }) => ethnicity?.id ?? []),
      '.ethnicity.id // empty',
    );
    await same(
      subjects.flatMap(({ geographicOrigin }) => geographicOrigin?.id ?? []),
      '.geographicOrigin.id // empty',
    );
    await same(observed('intervention'), '.interventionsOrProcedures[]?.procedureCode.id');
    await same(observed('disease'), '.diseases[]?.diseaseCode.id');
    const measured = subjects.flatMap(({ measurements }) =>
      measurements.map(({ assay, value, unit }) => `${assay.id} ${value} ${unit.id}`),
    );
    await same(
      measured,
      '.measures[]? | "\\(.assayCode.id) \\(.measurementValue.value) \\(.measurementValue.unit.id)"',
    );
  });
});

describe.skipIf(!hasShared(STUDIES))('three studies', () => {
  const columns = [
    { height: 'height', unit: 'cm' },
    { sex: 'Sex', age: 'Age', height: 'Height', unit: 'NCIT:C49668' },
    { height: 'height', unit: '[in_i]' },
  ];

  test('their heights become one measurement in centimetres', async () => {
    const directory = await temporaryDirectory();
    for (const [index, { sex = 'sex', age = 'age', height, unit }] of columns.entries()) {
      const mapping = join(directory, `study_${index + 1}.yaml`);
      const assay = '{ id: LOINC:8302-2, label: Body height }';
      await writeFile(
        mapping,
        `id: subject_id\nsex: ${sex}\nage: ${age}\nmeasurements: [{ column: ${height}, assay: ${assay}, unit: "${unit}" }]\n`,
      );
      const path = sharedPath(`${STUDIES}/raw_pheno_data_study_${index + 1}.txt`);
      const people = await everyone(path, mapping);
      const measured = people.flatMap(({ subject }) => subject.measurements);
      expect([people.length, measured.length]).toEqual([[375, 377, 374][index], people.length]);
      expect(new Set(measured.map(({ assay: of }) => of.id))).toEqual(new Set(['LOINC:8302-2']));
      const canonical = measured.map(({ value, unit: given }) => toCanonical(value, given));
      expect(new Set(canonical.map(({ unit: of }) => of.id))).toEqual(new Set(['UCUM:cm']));
      expect(people.every(({ subject }) => /^P\d+Y$/.test(subject.ageAtLastEncounter ?? ''))).toBe(true);
      expect(people.every(({ subject }) => subject.sex === 'female' || subject.sex === 'male')).toBe(true);
      const centimetres = canonical.map(({ value }) => value);
      expect(Math.min(...centimetres)).toBeGreaterThan(110);
      expect(Math.max(...centimetres)).toBeLessThan(230);
      const mean = centimetres.reduce((sum, value) => sum + value, 0) / centimetres.length;
      const program = 'NR > 1 { s += $4; n += 1 } END { printf "%.9f", s / n }';
      const factor = unit === '[in_i]' ? 2.54 : 1;
      expect(mean).toBeCloseTo(Number(await outputOf('awk', [program, path])) * factor, 6);
    }
  });
});
