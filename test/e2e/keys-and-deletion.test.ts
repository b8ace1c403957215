import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { federome, federomeOutput } from '@federome/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let scratch: string;
let home: string;
const keys = () => join(scratch, 'key-volume', 'ee');
const genotypes = (dataset: string) => join(home, 'datasets', dataset, 'genotypes');
const rows = async (...command: readonly string[]): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse(await federomeOutput(...command, '--json'));
const people = async (): Promise<number> =>
  JSON.parse(await federomeOutput('count', home, '--dataset', 'd', '--json')).people;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'federome-keys-'));
  home = join(scratch, 'node');
  const vcf = join(scratch, 'a.vcf');
  const header = '##fileformat=VCFv4.3\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">';
  const columns = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA12878\tNA12891';
  await writeFile(vcf, `${header}\n${columns}\n22\t20000001\trs1\tA\tG\t.\t.\t.\tGT\t0|1\t1|1\n`);
  await federomeOutput('init', home, '--country', 'ee', '--keys', keys());
  await federomeOutput('dataset', 'add', home, 'd', '--assembly', 'GRCh38');
  await federomeOutput('dataset', 'add', home, 'open', '--assembly', 'GRCh38', '--plain-segments');
  for (const dataset of ['d', 'open']) await federomeOutput('ingest', home, '--dataset', dataset, vcf);
}, 60_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

test('the keys of a node are where the operator said, for nobody else to read, and not in its home', async () => {
  expect((await stat(keys())).mode & 0o777).toBe(0o700);
  const listed = await rows('keys', 'list', home);
  expect(listed).toMatchObject([{ purpose: 'data', dataset: 'd' }]);
  const [file] = (await readdir(keys())).filter((name) => name.endsWith('.key'));
  expect(file).toBe(`${listed[0]!.id}.key`);
  const secret = JSON.parse((await readFile(join(keys(), file!), 'utf8')).split('\n')[1]!).secret;
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect((await readdir(home)).toSorted()).not.toContain('keys');
});

test('what a dataset holds shows on the disk only where the operator chose plain segments', async () => {
  const shown = async (dataset: string) => {
    const files = (await readdir(genotypes(dataset))).map((name) => readFile(join(genotypes(dataset), name)));
    return Buffer.concat(await Promise.all(files)).includes('NA12878');
  };
  expect([await shown('d'), await shown('open')]).toEqual([false, true]);
});

test('without the key nothing is answered and the key is named; with it back everything is', async () => {
  const [{ id } = { id: '' }] = await rows('keys', 'list', home);
  const path = join(keys(), `${id}.key`);
  await rename(path, `${path}.away`);
  const refused = await federome('count', home, '--dataset', 'd');
  expect(refused).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining('node/key-missing'),
  });
  expect(refused.stderr).toContain(String(id));
  const verified = await federome('verify', home);
  expect(verified).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('node/key-missing') });
  await rename(`${path}.away`, path);

  await chmod(path, 0o644);
  expect((await federome('count', home, '--dataset', 'd')).stderr).toContain('node/key-store');
  await chmod(path, 0o600);

  await rename(keys(), `${keys()}.away`);
  expect((await federome('count', home, '--dataset', 'd')).stderr).toContain('node/key-store');
  await rename(`${keys()}.away`, keys());
  expect(await people()).toBe(2);
  expect((await federome('verify', home)).exitCode).toBe(0);
});

test('rotation puts sealed datasets under new keys, and every answer stays', async () => {
  const before = await rows('keys', 'list', home);
  const rotated = await rows('keys', 'rotate', home);
  expect(rotated.find(({ dataset }) => dataset === 'open')).toMatchObject({ key: 'plain' });
  const after = await rows('keys', 'list', home);
  expect(after).toHaveLength(before.length);
  expect(after.map(({ id }) => id)).not.toContain(before[0]!.id);
  expect(await people()).toBe(2);
  expect((await federome('verify', home)).exitCode).toBe(0);
});

test('genotypes are deleted only when that is confirmed, with a proof that verify holds against the disk', async () => {
  expect(await federome('dataset', 'delete', home, 'd')).toMatchObject({ exitCode: 2 });
  expect(await people()).toBe(2);
  const done = JSON.parse(
    await federomeOutput('dataset', 'delete', home, 'd', '--yes', '--by', 'dac', '--json'),
  );
  expect(done).toMatchObject({ dataset: 'd', deletion: 1, keys: 2 });
  expect(await people()).toBe(0);
  const path = join(home, 'deletions', '000001.json');
  const proof = JSON.parse(await readFile(path, 'utf8'));
  expect(proof).toMatchObject({ by: 'dac', hash: done.record });
  expect(JSON.stringify(proof)).not.toMatch(/NA12878|a\.vcf/);
  expect((await federome('verify', home)).exitCode).toBe(0);
  await writeFile(path, JSON.stringify({ ...proof, by: 'nobody' }));
  expect(await federome('verify', home)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('was changed after it was written'),
  });
  await writeFile(path, JSON.stringify(proof));
});
