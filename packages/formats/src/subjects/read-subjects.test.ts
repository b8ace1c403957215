import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import type { LocatedSubject } from './located.ts';
import { readSubjects } from './read-subjects.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'subjects-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(content: string | Uint8Array, mapping?: string): Promise<readonly LocatedSubject[]> {
  const file = join(directory, 'input');
  await writeFile(file, content);
  const mappingFile = join(directory, 'mapping.yaml');
  if (mapping !== undefined) await writeFile(mappingFile, mapping);
  const found: LocatedSubject[] = [];
  const options = mapping === undefined ? {} : { mapping: mappingFile };
  for await (const { subject, location } of readSubjects(file, options))
    found.push({ subject, location: { ...location, file: location.file?.slice(directory.length + 1) } });
  return found;
}

async function refused(content: string | Uint8Array, mapping?: string): Promise<FormatError> {
  const error = await read(content, mapping).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FormatError) return error;
  throw new Error(`expected a FormatError, not ${String(error)}`);
}

async function tar(members: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(members)) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const packet = (id: string, extra = {}) =>
  JSON.stringify({ id: `p-${id}`, subject: { id, sex: 'MALE' }, ...extra });
const ids = (subjects: readonly LocatedSubject[]) => subjects.map(({ subject }) => subject.id);
const lines = (subjects: readonly LocatedSubject[]) => subjects.map(({ location }) => location.line);

describe('documents', () => {
  test('one phenopacket over many lines', async () => {
    const found = await read(`\uFEFF\n${JSON.stringify(JSON.parse(packet('A')), null, 2)}\n`);
    expect(found).toMatchObject([
      { subject: { id: 'A', sex: 'male' }, location: { file: 'input', line: 2, column: 1 } },
    ]);
  });

  test('JSON lines name the line of every person, two with one id included', async () => {
    const found = await read(`${packet('A')}\n\n${packet('B')}\r\n${packet('A')}`);
    expect(ids(found)).toEqual(['A', 'B', 'A']);
    expect(lines(found)).toEqual([1, 3, 4]);
  });

  test('an array of Beacon individuals names line and column', async () => {
    const found = await read('[{"id":"A","sex":{"id":"NCIT:C16576"}},{"id":"B"},\n  {"id":"C"}]');
    expect(found.map(({ location }) => [location.line, location.column])).toEqual([
      [1, 2],
      [1, 40],
      [2, 3],
    ]);
    expect(found.map(({ subject }) => subject.sex)).toEqual(['female', 'unknown', 'unknown']);
  });

  test('an empty array holds nobody', async () => {
    expect(await read('[ ]')).toEqual([]);
  });

  test('the members of a cohort and of a family are its people', async () => {
    const [a, b] = [packet('A'), packet('B')];
    expect(ids(await read(`{"id":"c","members":[${a},\n${b}]}`))).toEqual(['A', 'B']);
    expect(lines(await read(`{"id":"c","members":[${a},\n${b}]}`))).toEqual([1, 2]);
    expect(ids(await read(`{"id":"f","proband":${a},"relatives":[${b}]}`))).toEqual(['A', 'B']);
  });

  test('gzip is told by the content', async () => {
    expect(ids(await read(gzipSync(packet('A'))))).toEqual(['A']);
  });

  test('braces and escaped quotes inside strings do not end an object', async () => {
    expect(ids(await read(`${packet('a}"\\{[')}${packet('B')}`))).toEqual(['a}"\\{[', 'B']);
  });

  test.each([
    ['[{"id":"A"},]', 'formats/json', 1, 13],
    ['[{"id":"A"} {"id":"B"}]', 'formats/json', 1, 13],
    ['[{"id":"A"}] 3', 'formats/json', 1, 14],
    ['[3]', 'formats/json', 1, 2],
    ['{"id":"A"}\n]', 'formats/json', 2, 1],
    ['{"id":"A"}\n{"id":\n "B",, "sex":null}', 'formats/json', 3, 6],
    ['[{"id":"A"},\n{"id":"B"', 'formats/truncated', 2, 1],
    ['[{"id":"A"}', 'formats/truncated', 1, 12],
    ['{"nothing":1}', 'formats/unknown-format', 1, 1],
    [
      '{"subject":{"id":"A"},\n"phenotypicFeatures":[\n{"type":{"id":"HP:1"}},\n{"type":{"id":"x"}}]}',
      'formats/phenopacket',
      4,
      15,
    ],
    ['{"subject":{"id":"A"},\n"phenotypic_features":[{"type":\n7}]}', 'formats/phenopacket', 3, 1],
    ['[{"id":"A"},\n{"id":"B","sex":{"id":"NCIT:C1"}}]', 'formats/individual', 2, 17],
    ['{"metaData":{}}', 'formats/phenopacket', 1, 1],
  ])('%j is refused where it is wrong', async (text, code, line, column) => {
    const error = await refused(text);
    expect(error.code).toBe(code);
    expect(error.location).toMatchObject({ line, column });
  });

  test('what a refusal quotes of a record is for the operator alone', async () => {
    const error = await refused('{"subject":{"id":"A","sex":"secret"}}');
    expect(error.message).toContain('secret');
    expect(error.publicMessage).not.toContain('secret');
  });
});

describe('archives', () => {
  test('a tar.gz gives the people of its .json files and names the member', async () => {
    const archive = await tar({
      'cohort/a.json': packet('A'),
      'README.md': '# no',
      'cohort/._b.json': 'no',
      'c.jsonl': `${packet('C')}\n${packet('D')}`,
    });
    const found = await read(gzipSync(archive));
    expect(ids(found)).toEqual(['A', 'C', 'D']);
    expect(found.map(({ location }) => location.file)).toEqual([
      'input!/cohort/a.json',
      'input!/c.jsonl',
      'input!/c.jsonl',
    ]);
    expect(ids(await read(archive))).toEqual(['A', 'C', 'D']);
  });

  test('an error inside a member names the member and the line', async () => {
    const error = await refused(await tar({ 'a.json': packet('A'), 'b.json': '{\n"subject": {}\n}' }));
    expect(error.code).toBe('formats/phenopacket');
    expect(error.location).toMatchObject({ file: join(directory, 'input!/b.json'), line: 2, column: 12 });
  });

  test('a cut or damaged archive is refused', async () => {
    const archive = await tar({ 'a.json': packet('A'), 'b.json': packet('B') });
    for (const length of [600, 1024, 1300, 2048]) {
      const { code } = await refused(archive.subarray(0, length));
      expect([length, code]).toEqual([length, 'formats/truncated']);
    }
    const damaged = Buffer.from(archive);
    damaged.fill(0x41, 1024, 1100);
    expect((await refused(damaged)).code).toBe('formats/archive');
    const zipped = gzipSync(archive);
    expect((await refused(zipped.subarray(0, zipped.length - 12))).code).toBe('formats/truncated');
    zipped.fill(0xff, 30, 60);
    expect((await refused(zipped)).code).toBe('formats/corrupt-compression');
  });

  test('an archive without documents is refused', async () => {
    expect((await refused(await tar({ 'a.txt': 'x' }))).code).toBe('formats/archive');
  });
});

test.each([
  ['', /is empty/],
  ['  \n ', /is blank/],
  ['PK\u0003\u0004zip', /a zip archive/],
  ['##fileformat=VCFv4.2\n', /a VCF/],
  [Buffer.from([1, 0, 2, 3]), /neither text nor a tar/],
  [Buffer.from('id,sex\nA,\xff\n', 'latin1'), /not UTF-8/],
])('%j is no health record', async (content, message) => {
  const error = await refused(content);
  expect(error.code).toBe('formats/unknown-format');
  expect(error.message).toMatch(message);
});

test('a file that is not there is refused by name', async () => {
  const reading = readSubjects(join(directory, 'absent')).next();
  await expect(reading).rejects.toMatchObject({ code: 'formats/file-not-readable' });
});

test('a mapping for a document is refused', async () => {
  expect((await refused(packet('A'), 'id: id')).code).toBe('formats/mapping');
});

describe('whatever happens to a valid input', () => {
  const person = {
    phenotypicFeatures: [
      { type: { id: 'HP:0001250', label: 'Seizure' }, onset: { age: { iso8601duration: 'P3Y' } } },
    ],
    measurements: [{ assay: { id: 'LOINC:1-1' }, value: { quantity: { unit: { id: 'cm' }, value: 3 } } }],
  };
  const mapping = 'id: id\nsex: { column: sex, values: { M: male } }\nterms: [terms]\nage: age\n';
  const inputs: readonly (readonly [string, () => Promise<Uint8Array>, string | undefined])[] = [
    ['phenopackets', async () => Buffer.from(`${packet('A', person)}\n${packet('B', person)}`), undefined],
    [
      'individuals',
      async () =>
        Buffer.from(
          '[{"id":"A","sex":{"id":"NCIT:C16576"},"diseases":[{"diseaseCode":{"id":"ICD10:D70"}}]}]',
        ),
      undefined,
    ],
    ['tar', () => tar({ 'a.json': packet('A', person), 'b/c.json': packet('B', person) }), undefined],
    ['tar.gz', async () => gzipSync(await tar({ 'a.json': packet('A', person) })), undefined],
    ['table', async () => Buffer.from('id,sex,terms,age\nA,M,"HP:0001250;!HP:1",3\nB,M,,4.5\n'), mapping],
    [
      'table with its own columns',
      async () => Buffer.from('id\tsex\tbirthDate\tterms\nA\tM\t1980-01-01\tHP:1|NOT HP:2\n'),
      undefined,
    ],
  ];

  test.each(inputs)(
    '%s that is cut or altered is read or refused, never anything else',
    async (_, make, mapped) => {
      const valid = await make();
      expect((await read(valid, mapped)).length).toBeGreaterThan(0);
      const edit = fc.record({
        at: fc.nat({ max: valid.length - 1 }),
        byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('{}[]",:\\\n0'))),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(edit, { maxLength: 4 }),
          fc.nat({ max: valid.length }),
          async (edits, length) => {
            const altered = Buffer.from(valid);
            for (const { at, byte } of edits) altered[at] = byte;
            for (const content of [altered, altered.subarray(0, length)])
              await read(content, mapped).catch((error: unknown) => {
                if (!(error instanceof FormatError)) throw error;
              });
          },
        ),
        { numRuns: 80 },
      );
    },
  );
});
