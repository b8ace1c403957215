import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FEDEROME_MAIN, hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const VARIABLE = 'FEDEROME_TEST_DATABASE';
const VCF = [
  '##fileformat=VCFv4.3',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tp1\tp2',
  '22\t20000001\t.\tA\tG\t.\t.\t.\tGT\t0|1\t1|1',
  '',
].join('\n');

describe.skipIf(!hasPostgres())('a node whose records are in PostgreSQL', () => {
  let server: TemporaryPostgres;
  let url: string;
  let scratch: string;
  const home = () => join(scratch, 'node');
  const file = async (name: string, content: string) => {
    await writeFile(join(scratch, name), content);
    return join(scratch, name);
  };
  const federome = async (...args: readonly string[]) => {
    const env = { ...process.env, [VARIABLE]: url };
    return (await run(process.execPath, [FEDEROME_MAIN, ...args], { env })).stdout;
  };

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.database('node');
    scratch = await mkdtemp(join(tmpdir(), 'federome-pg-node-'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  test('takes everything in, answers, and obeys a withdrawal', async () => {
    await federome('init', home(), '--country', 'EE', '--postgres', VARIABLE);
    await federome('dataset', 'add', home(), 'd', '--assembly', 'GRCh38');
    await federome('ingest', home(), '--dataset', 'd', await file('calls.vcf', VCF));
    const table = await file('people.csv', 'id,sex,terms\np1,female,HP:0001250\np2,male,HP:0001250\n');
    await federome('subjects', home(), '--dataset', 'd', table);
    const count = async () =>
      JSON.parse(await federome('count', home(), '--dataset', 'd', '--filter', 'HP:0001250', '--json'))
        .people;
    expect(await count()).toBe(2);
    const consents = await file('consents.csv', 'subject,item,decision\np2,all,deny\n');
    await federome('consent', 'set', home(), '--dataset', 'd', consents);
    expect(await count()).toBe(1);
    expect(
      (await federome('frequencies', home(), '--dataset', 'd', '--by', 'sex')).split('\n').slice(1),
    ).toEqual([
      '22\t20000001\tA\tG\tall\t1\t2\t0\t1\t0\t0',
      '22\t20000001\tA\tG\tfemale\t1\t2\t0\t1\t0\t0',
      '22\t20000001\tA\tG\tmale\t0\t0\t0\t0\t0\t0',
      '',
    ]);
    await federome('verify', home());
  });

  test('shares its database with no other', async () => {
    const other = join(scratch, 'other');
    await expect(federome('init', other, '--country', 'FI', '--postgres', VARIABLE)).rejects.toMatchObject({
      stderr: expect.stringContaining('[node/home-exists]'),
    });
    expect(await readdir(other)).toEqual([]);
  });

  test('says of an address that is none what was expected, and nothing of what it holds', async () => {
    const env = { ...process.env, [VARIABLE]: 'host=secret' };
    await expect(
      run(process.execPath, [FEDEROME_MAIN, 'dataset', 'list', home()], { env }),
    ).rejects.toMatchObject({ stderr: expect.not.stringContaining('secret'), code: 1 });
  });

  test('keeps the address of the database out of its home', async () => {
    expect((await readdir(home())).filter((name) => name.startsWith('records'))).toEqual([]);
    const config = await readFile(join(home(), 'federome.json'), 'utf8');
    expect(config).toContain(VARIABLE);
    expect(config).not.toContain('postgres://');
  });
});
