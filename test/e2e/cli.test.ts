import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEDEROME_MAIN, federome, federomeOutput } from '@federome/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PEOPLE = ['p1', 'p2', 'p3', 'p4'];
const HEADER = 'contig\tpos\tref\talt\tgroup\tAC\tAN\tHOM\tHET\tHEMI\tMISSING';

function vcf(rows: readonly string[], people: readonly string[] = PEOPLE): string {
  return [
    '##fileformat=VCFv4.3',
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...people].join('\t'),
    ...rows.map((row) => row.replaceAll(' ', '\t')),
    '',
  ].join('\n');
}

// p1 carries both variants, p2 one copy of the first, p3 two, p4 has no call at the first.
const CALLS = vcf([
  'chr22 20000001 rs1 A G . PASS . GT 0|1 1/0 1|1 ./.',
  'chr22 20000101 . CTT C . PASS . GT 0|1 0|0 0|0 0|0',
]);
const TABLE = `id,sex,birthDate,population,terms
p1,female,1950-01-01,FIN,HP:0001250
p2,male,1990-06-30,FIN,HP:0002197
p3,female,,EST,HP:0001250;HP:0002197
p4,male,2020-02-29,EST,
`;
const HPO = `format-version: 1.2
data-version: hp/releases/2024-08-13
ontology: hp

[Term]
id: HP:0001250
name: Seizure
synonym: "Fit" EXACT []

[Term]
id: HP:0002197
name: Generalized-onset seizure
is_a: HP:0001250
`;

let scratch: string;
const home = () => join(scratch, 'node');
const file = async (name: string, content: string): Promise<string> => {
  const path = join(scratch, name);
  await writeFile(path, content);
  return path;
};
const onNode = (command: string, ...options: readonly string[]) =>
  federomeOutput(...command.split(' '), home(), '--dataset', 'd', ...options);
const people = async (...options: readonly string[]): Promise<number> =>
  JSON.parse(await onNode('count', ...options, '--json')).people;
const filtered = (...filters: readonly string[]) =>
  people(...filters.flatMap((filter) => ['--filter', filter]));

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'federome-cli-'));
  await federomeOutput('init', home(), '--country', 'ee', '--name', 'Estonian node', '--id', 'ee.test');
  await federomeOutput('dataset', 'add', home(), 'd', '--assembly', 'hg38', '--duo', 'DUO:0000042');
  await onNode('ingest', await file('calls.vcf', CALLS));
  await federomeOutput('ontology', 'add', home(), await file('hp.obo', HPO));
  await onNode('subjects', await file('people.csv', TABLE));
}, 60_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('a node with four people', () => {
  test('its home says what it is, and is nobody else’s to read', async () => {
    const path = join(home(), 'federome.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      formatVersion: 1,
      role: 'node',
      id: 'ee.test',
      country: 'EE',
      name: 'Estonian node',
      records: { kind: 'sqlite' },
    });
    for (const name of ['federome.json', 'records.sqlite']) {
      expect((await stat(join(home(), name))).mode & 0o077).toBe(0);
    }
  });

  test('the dataset is listed with what it holds', async () => {
    const [dataset] = JSON.parse(await federomeOutput('dataset', 'list', home(), '--json'));
    expect(dataset).toMatchObject({
      id: 'd',
      assembly: 'GRCh38',
      duo: 'DUO:0000042',
      people: 4,
      genomes: 4,
      records: 4,
      variants: 2,
    });
  });

  test('frequencies are counted for everyone, and for the groups that are asked for', async () => {
    expect(await onNode('frequencies')).toBe(
      [
        HEADER,
        '22\t20000001\tA\tG\tall\t4\t6\t1\t2\t0\t1',
        '22\t20000101\tCTT\tC\tall\t1\t8\t0\t1\t0\t0',
        '',
      ].join('\n'),
    );
    const bySex = await onNode('frequencies', '--by', 'sex,population', '--region', '22:20000001');
    expect(bySex.trimEnd().split('\n').slice(1)).toEqual([
      '22\t20000001\tA\tG\tall\t4\t6\t1\t2\t0\t1',
      '22\t20000001\tA\tG\tfemale\t3\t4\t1\t1\t0\t0',
      '22\t20000001\tA\tG\tmale\t1\t2\t0\t1\t0\t1',
      '22\t20000001\tA\tG\tEST\t2\t2\t1\t0\t0\t1',
      '22\t20000001\tA\tG\tFIN\t2\t4\t0\t2\t0\t0',
    ]);
    const byTerm = await onNode('frequencies', '--by', 'HP:0002197', '--region', 'chr22:20000001', '--json');
    expect(
      byTerm
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { group: 'all', pos: 20_000_001 },
      { group: 'HP:0002197', AC: 3, AN: 4, HOM: 1, HET: 1, HEMI: 0, MISSING: 0 },
    ]);
  });

  test('frequencies of listed variants follow the absent policy where the dataset has none', async () => {
    const list = await file('list.tsv', 'contig\tpos\tref\talt\nchr22\t20000001\tA\tG\n22\t20000050\tT\tC\n');
    expect((await onNode('frequencies', '--variants', list)).trimEnd().split('\n').slice(1)).toEqual([
      '22\t20000001\tA\tG\tall\t4\t6\t1\t2\t0\t1',
      '22\t20000050\tT\tC\tall\t0\t0\t0\t0\t0\t4',
    ]);
  });

  test('a file of frequencies appears when it is complete, and not when something is refused', async () => {
    const out = join(scratch, 'frequencies.tsv');
    await onNode('frequencies', '--out', out);
    expect(await readFile(out, 'utf8')).toBe(await onNode('frequencies'));
    const refused = await federome(
      ...['frequencies', home(), '--dataset', 'd', '--by', 'shoes', '--out', join(scratch, 'never.tsv')],
    );
    expect(refused.stderr).toContain('node/bad-request');
    expect((await readdir(scratch)).filter((name) => /never|\.tmp/.test(name))).toEqual([]);
  });

  test('people are counted by terms and what lies below them, sex, population, age and variant', async () => {
    expect(await people()).toBe(4);
    expect(await filtered('HP:0001250')).toBe(3);
    expect(await people('--filter', 'HP:0001250', '--no-descendants')).toBe(2);
    expect(await filtered('HP:0001250', 'sex=female')).toBe(2);
    expect(await filtered('population=EST', 'HP:0002197')).toBe(1);
    expect(await filtered('age>=60')).toBe(1);
    expect(await filtered('age>=P6M')).toBe(3);
    expect(await filtered('age<P6M')).toBe(0);
    expect(await people('--variant', 'chr22-20000001-A-G')).toBe(3);
    expect(await people('--variant', '22:20000101:CTTA:CA')).toBe(1);
    expect(await people('--variant', '22:20000101:CTTA:CA', '--filter', 'sex=male')).toBe(0);
    expect(await onNode('count', '--filter', 'HP:0001250', '--by', 'sex')).toBe(
      'group\tpeople\nall\t3\nfemale\t2\nmale\t1\n',
    );
  });

  test('genotypes come out as they went in', async () => {
    const exported = (await onNode('export', '--region', '22'))
      .split('\n')
      .filter((line) => !/^##/.test(line));
    expect(exported).toEqual([
      ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...PEOPLE].join('\t'),
      '22\t20000001\trs1\tA\tG\t.\t.\t.\tGT\t0|1\t1/0\t1|1\t./.',
      '22\t20000101\t.\tCTT\tC\t.\t.\t.\tGT\t0|1\t0|0\t0|0\t0|0',
      '',
    ]);
  });

  test('genotypes come out as BCF, which is taken in as the VCF was', async () => {
    const bcf = await file('region.bcf', '');
    await onNode('export', '--region', '22', '--out', bcf);
    await federomeOutput('dataset', 'add', home(), 'again', '--assembly', 'GRCh38', '--absent', 'reference');
    await federomeOutput('ingest', home(), '--dataset', 'again', bcf);
    const exported = (...args: readonly string[]) =>
      federomeOutput('export', home(), '--region', '22', '--dataset', ...args);
    const expected = await exported('d');
    expect(await exported('again')).toBe(expected);
    expect(await exported('again', '--format', 'vcf')).toBe(expected);
    expect(
      (await federome('export', home(), '--region', '22', '--dataset', 'd', '--format', 'txt')).exitCode,
    ).toBe(2);
  });

  test('what is stored is whole', async () => {
    expect(await federomeOutput('verify', home(), '--json')).toContain('"faults": 0');
  });
});

describe('consent', () => {
  test('a withdrawal counts from the next answer, scope by scope, and is taken back', async () => {
    const set = async (item: string, decision: string) =>
      await onNode('consent set', await file('c.csv', `subject,item,decision\np3,${item},${decision}\n`));
    const first = async () => (await onNode('frequencies')).split('\n')[1];
    await set('allele-frequency', 'deny');
    expect(await first()).toBe('22\t20000001\tA\tG\tall\t2\t4\t0\t2\t0\t1');
    expect(await people()).toBe(4);
    await set('subject-level-query', 'withdraw');
    expect(await people()).toBe(3);
    await set('secondary-use', 'no');
    const exported = await federome('export', home(), '--dataset', 'd', '--region', '22');
    expect(exported.stdout).toContain('FORMAT\tp1\tp2\tp4\n');
    expect(exported.stderr).toMatch(/1 person left out who does not permit secondary use/);
    const listed = JSON.parse(await onNode('consent list', '--json'));
    expect(listed.map((row: { item: string; decision: string }) => `${row.item} ${row.decision}`)).toEqual([
      'allele-frequency deny',
      'secondary-use deny',
      'subject-level-query deny',
    ]);
    await set('all', 'permit');
    expect(await first()).toBe('22\t20000001\tA\tG\tall\t4\t6\t1\t2\t0\t1');
    expect(await people()).toBe(4);
  });

  test('where silence is no consent, only those who permit are counted', async () => {
    const optIn = join(scratch, 'opt-in');
    await federomeOutput('init', optIn, '--country', 'FI');
    await federomeOutput('dataset', 'add', optIn, 'd', '--assembly', 'GRCh38', '--consent', 'opt-in');
    await federomeOutput('ingest', optIn, '--dataset', 'd', join(scratch, 'calls.vcf'));
    const first = async () => (await federomeOutput('frequencies', optIn, '--dataset', 'd')).split('\n')[1];
    expect(await first()).toBe('22\t20000001\tA\tG\tall\t0\t0\t0\t0\t0\t0');
    const consents = await file('permit.csv', 'subject,item,decision\np3,all,permit\n');
    await federomeOutput('consent', 'set', optIn, '--dataset', 'd', consents);
    expect(await first()).toBe('22\t20000001\tA\tG\tall\t2\t2\t1\t0\t0\t0');
  });
});

describe('taking in', () => {
  test('the same file again changes nothing', async () => {
    const again = await onNode('ingest', join(scratch, 'calls.vcf'), '--json');
    expect(JSON.parse(again)).toMatchObject([{ outcome: 'already-ingested' }]);
    const loaded = JSON.parse(await onNode('subjects', join(scratch, 'people.csv'), '--json'));
    expect(loaded).toMatchObject({ subjects: 4, newSubjects: 0 });
    expect(await filtered('HP:0001250')).toBe(3);
  });

  test('a killed ingest leaves nothing half-visible, and the same command again completes it', async () => {
    const killed = join(scratch, 'killed');
    await federomeOutput('init', killed, '--country', 'ES');
    await federomeOutput('dataset', 'add', killed, 'd', '--assembly', 'GRCh38');
    const rows = Array.from(
      { length: 20_000 },
      (_, at) => `22 ${20_000_000 + at} . A G . PASS . GT ${at % 3 === 0 ? '0|1' : '0|0'} 0|0 1|1 0|0`,
    );
    const big = await file('big.vcf', vcf(rows));
    const command = [FEDEROME_MAIN, 'ingest', killed, '--dataset', 'd', big];
    for (const afterMs of [150, 300, 450]) {
      const child = spawn(process.execPath, command, { stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
      await once(child, 'exit');
      clearTimeout(timer);
      const variants = (await federomeOutput('frequencies', killed, '--dataset', 'd')).trimEnd().split('\n');
      expect([1, 20_001]).toContain(variants.length);
    }
    await federomeOutput('ingest', killed, '--dataset', 'd', big);
    const [, ...lines] = (await federomeOutput('frequencies', killed, '--dataset', 'd'))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(20_000);
    expect(lines[3]).toBe('22\t20000003\tA\tG\tall\t3\t8\t1\t1\t0\t0');
    await federomeOutput('verify', killed);
  });

  test('a person described twice is refused, wherever the second description is', async () => {
    const more = await file('more.csv', 'id,sex\np1,male\n');
    const refused = await federome('subjects', home(), '--dataset', 'd', join(scratch, 'people.csv'), more);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/more\.csv:2.*'p1'.*people\.csv:2.*node\/duplicate-subject/);
    expect(await filtered('sex=female')).toBe(2);
  });

  test('phenopackets that reuse their subjects’ names are known by their own ids where no genomes tell', async () => {
    const cases = join(scratch, 'cases');
    const packet = (id: string, sex: string) => JSON.stringify({ id, subject: { id: 'Patient 1', sex } });
    const path = await file(
      'cases.jsonl',
      `${packet('PMID_1_Patient_1', 'MALE')}\n${packet('PMID_2_Patient_1', 'FEMALE')}\n`,
    );
    await federomeOutput('init', cases, '--country', 'LU');
    await federomeOutput('dataset', 'add', cases, 'd', '--assembly', 'GRCh38');
    const loaded = await federomeOutput('subjects', cases, '--dataset', 'd', path, '--json');
    expect(JSON.parse(loaded)).toMatchObject({ subjects: 2, identifiedBy: 'phenopacket' });
    const refused = await federome('subjects', cases, '--dataset', 'd', '--identified-by', 'subject', path);
    expect(refused.stderr).toContain('node/duplicate-subject');
  });

  test('a gene table is loaded, and a table without the columns is refused', async () => {
    const genes = await file(
      'genes.tsv',
      'gene_id\tgene_symbol\tchrom\tstart\tend\nENSG00000100342.22\tAPOL1\tchr22\t36253071\t36267530\n',
    );
    const add = ['genes', 'add', home(), genes, '--assembly', 'GRCh38'] as const;
    expect(await federomeOutput(...add, '--coordinates', 'zero-based')).toMatch(/^1 genes/);
    expect((await federome(...add)).stderr).toMatch(/genes\.tsv:1.*how it counts.*formats\/table/s);
    const bed = await file('genes.bed', 'chr22\t36253071\t36267530\tAPOL1\nchr22_alt\t5\t10\tAPOL1\n');
    expect(await federomeOutput('genes', 'add', home(), bed, '--assembly', 'GRCh38')).toMatch(/^1 genes/);
    const refused = await federome(
      'genes',
      'add',
      home(),
      join(scratch, 'people.csv'),
      '--assembly',
      'GRCh38',
    );
    expect(refused.stderr).toMatch(/people\.csv:1.*formats\/missing-column/);
  });
});

describe('wrong usage and refusals', () => {
  test.each([
    [['nonsense'], 2],
    [[], 2],
    [['init', '/nowhere/x'], 2],
    [['init', '/nowhere/x', '--country', 'EE', '--role', 'king'], 2],
    [['count', '/nowhere', '--dataset', 'd', '--unknown-option'], 2],
    [['dataset', 'add', '/nowhere', 'd', '--assembly', 'NCBI36'], 2],
    [['--help'], 0],
    [['count', '--help'], 0],
  ])('federome %j ends with %i', async (words, exitCode) => {
    expect((await federome(...words)).exitCode).toBe(exitCode);
  });

  test.each([
    ['a country that is none', ['init', 'DIR/new', '--country', 'XX'], 'node/bad-config'],
    [
      'a policy below the floor',
      ['init', 'DIR/new', '--country', 'EE', '--min-count', '3'],
      'node/bad-config',
    ],
    [
      'a home in a directory that holds something',
      ['init', 'DIR/node', '--country', 'EE'],
      'node/home-exists',
    ],
    ['a home that is none', ['dataset', 'list', 'DIR/nowhere'], 'node/no-home'],
    ['a dataset twice', ['dataset', 'add', 'DIR/node', 'd', '--assembly', 'GRCh38'], 'node/dataset-exists'],
    [
      'a dataset with a path for a name',
      ['dataset', 'add', 'DIR/node', '../x', '--assembly', 'GRCh38'],
      'node/bad-dataset',
    ],
    [
      'a term that the ontology does not know',
      ['count', 'DIR/node', '--dataset', 'd', '--filter', 'HP:9999999'],
      'node/bad-filter',
    ],
    [
      'a variant that is none',
      ['count', 'DIR/node', '--dataset', 'd', '--variant', 'BRCA1'],
      'node/bad-request',
    ],
    [
      'a region that is none',
      ['frequencies', 'DIR/node', '--dataset', 'd', '--region', '22:9-1'],
      'core/bad-interval',
    ],
    [
      'an accession of the other assembly',
      ['frequencies', 'DIR/node', '--dataset', 'd', '--region', 'NC_000022.10'],
      'node/assembly-mismatch',
    ],
  ] as const)('%s is refused', async (_, words, code) => {
    const result = await federome(...words.map((word) => word.replace('DIR', scratch)));
    expect([result.exitCode, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toContain(`[${code}]`);
  });

  test('records in PostgreSQL without an address are refused, and the address is in no file', async () => {
    const directory = join(scratch, 'pg');
    const result = await federome('init', directory, '--country', 'EE', '--postgres', 'FEDEROME_NO_SUCH_URL');
    expect(result.stderr).toMatch(/FEDEROME_NO_SUCH_URL.*node\/bad-config/);
  });

  test('a reader that stops early is no failure', async () => {
    const child = spawn(process.execPath, [
      FEDEROME_MAIN,
      'frequencies',
      join(scratch, 'killed'),
      '--dataset',
      'd',
    ]);
    child.stdout.once('data', () => child.stdout.destroy());
    const [exitCode] = await once(child, 'exit');
    expect(exitCode).toBe(0);
  });
});
