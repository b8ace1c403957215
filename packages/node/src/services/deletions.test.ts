import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GenotypeStore } from '@federome/genotypes';
import { temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { genotypesPath } from '../home.ts';
import { type FederomeNode, initNode, openNode } from '../main.ts';
import { DeletionRecords } from '../stores/deletions/deletion-records.ts';
import { dataKeys } from '../stores/keys/data-keys.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

async function open(directory: string): Promise<FederomeNode> {
  const node = await openNode(directory, { now: () => NOW });
  onTestFinished(() => node.close());
  return node;
}

async function nodeWithGenomes(segments: 'sealed' | 'plain' = 'sealed'): Promise<FederomeNode> {
  const home = await temporaryDirectory();
  const directory = join(home, 'node');
  await initNode(directory, { country: 'EE', segments });
  const node = await open(directory);
  await node.datasets.add({ id: 'd', assembly: 'GRCh38' });
  await node.datasets.ingest('d', [await vcf(home)]);
  const csv = join(home, 'people.csv');
  await writeFile(csv, 'id,sex\np1,female\n');
  await node.subjects.load('d', [csv], {});
  return node;
}

async function vcf(home: string): Promise<string> {
  const path = join(home, 'a.vcf');
  const header =
    '##fileformat=VCFv4.2\n##contig=<ID=1>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">';
  const columns = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tp1\tp2';
  await writeFile(path, `${header}\n${columns}\n1\t100\t.\tA\tC\t.\t.\t.\tGT\t0/1\t1/1\n`);
  return path;
}

const recordsOf = (node: FederomeNode) => new DeletionRecords(join(node.home.directory, 'deletions'));

test.each(['sealed', 'plain'] as const)(
  'a deleted dataset is gone (%s), its records stay, and the proof holds',
  async (segments) => {
    const node = await nodeWithGenomes(segments);
    const path = genotypesPath(node.home, 'd');
    const before = (await readdir(path)).filter((file) => !file.startsWith('ingest.lock'));
    const { key, numbering, version } = await node.datasets.genotypes('d');
    const proof = await node.deletions.delete('d', 'an operator');
    expect(proof).toMatchObject({ sequence: 1, dataset: 'd', by: 'an operator', at: NOW.toISOString() });
    expect(proof.keys).toEqual(segments === 'sealed' ? [key] : []);
    expect(proof.files.map(({ file }) => file).toSorted()).toEqual(before.toSorted());
    const store = await node.datasets.genotypes('d');
    expect(store.numbering).toBeGreaterThan(numbering);
    expect(store.version).toBeGreaterThan(version);
    expect([store.variantCount(), store.genotyped().size, store.everyone().size]).toEqual([0, 0, 1]);
    expect(await node.records.subjectCount('d')).toBe(1);
    expect((await node.keys.list()).map(({ id }) => id)).toEqual(segments === 'sealed' ? [store.key] : []);
    expect(await node.deletions.verify()).toEqual([]);
    expect((await node.records.events(0, 100)).at(-1)).toMatchObject({
      type: 'genotypes-deleted',
      data: { dataset: 'd', record: proof.hash },
    });
    await node.datasets.ingest('d', [await vcf(join(node.home.directory, '..'))]);
    expect((await node.datasets.genotypes('d')).variantCount()).toBe(1);
    expect((await node.deletions.delete('d', 'x')).previous).toBe(proof.hash);
    expect(await node.deletions.verify()).toEqual([]);
  },
);

test('a copy of the files that was made before is of no use after, because the key is gone', async () => {
  const node = await nodeWithGenomes();
  const copy = join(node.home.directory, '..', 'copy');
  await cp(genotypesPath(node.home, 'd'), copy, { recursive: true });
  const keys = dataKeys(node.keys, () => NOW);
  expect((await GenotypeStore.open(copy, { keys })).variantCount()).toBe(1);
  await node.deletions.delete('d', 'x');
  await expect(GenotypeStore.open(copy, { keys })).rejects.toMatchObject({ code: 'node/key-missing' });
});

test('a file or key that comes back, and a record that is changed or removed, is found', async () => {
  const node = await nodeWithGenomes();
  const { directory } = node.home;
  const path = genotypesPath(node.home, 'd');
  const [saved, keys] = [join(directory, '..', 'saved'), join(directory, 'keys')];
  await cp(path, saved, { recursive: true });
  await cp(keys, `${saved}-keys`, { recursive: true });
  const proof = await node.deletions.delete('d', 'x');
  const segment = proof.files.find(({ file }) => file.endsWith('.seg'))!.file;
  await cp(join(saved, segment), join(path, segment));
  expect(await node.deletions.verify()).toEqual([expect.stringMatching(`${segment} is there`)]);
  await rm(join(path, segment));
  await cp(join(`${saved}-keys`, `${proof.keys[0]}.key`), join(keys, `${proof.keys[0]}.key`));
  expect(await node.deletions.verify()).toEqual([expect.stringMatching(`key ${proof.keys[0]} is there`)]);
  await node.keys.destroy(proof.keys[0]!);

  const record = join(directory, 'deletions', '000001.json');
  const text = await readFile(record, 'utf8');
  await writeFile(record, text.replace('"x"', '"y"'));
  expect(await node.deletions.verify()).toEqual([expect.stringMatching('was changed')]);
  await writeFile(record, text.slice(0, 40));
  expect(await node.deletions.verify()).toEqual([expect.stringMatching('no record of a deletion')]);
  await (await open(directory)).datasets.genotypes('d');
  await rm(record);
  expect(await node.deletions.verify()).toEqual([expect.stringMatching(`is gone.*${proof.hash}`)]);
  await writeFile(record, text);
  expect(await node.deletions.verify()).toEqual([]);
});

test('a deletion that was cut off at any step is completed when the node is opened next', async () => {
  const node = await nodeWithGenomes();
  const { directory } = node.home;
  const path = genotypesPath(node.home, 'd');
  const whole = join(directory, '..', 'whole');
  await cp(directory, whole, { recursive: true });
  const proof = await node.deletions.delete('d', 'x');
  await node.close();
  const [done, state] = [join(directory, '..', 'done'), (name: string) => join(directory, name)];
  await cp(directory, done, { recursive: true });

  const pending = async () => {
    await cp(join(done, 'deletions'), state('deletions'), { recursive: true });
    await rename(state('deletions/000001.json'), state('deletions/000001.pending.json'));
  };
  const restore = async (from: string) => {
    await rm(directory, { recursive: true });
    await cp(from, directory, { recursive: true });
  };
  const cuts: Record<string, () => Promise<unknown>> = {
    'recorded, nothing done': async () => {
      await restore(whole);
      await pending();
    },
    'the manifest is replaced': async () => {
      await restore(whole);
      await pending();
      const keys = dataKeys(node.keys, () => NOW);
      const destroy = async () => Promise.reject(new Error('power is gone'));
      const empty = { assembly: 'GRCh38', absent: 'missing', keys: { ...keys, destroy } } as const;
      await expect(GenotypeStore.erase(path, empty, async () => {})).rejects.toThrow('power is gone');
    },
    'the key is destroyed': async () => {
      await restore(whole);
      await pending();
      await rm(state(`keys/${proof.keys[0]}.key`));
    },
    'all but the last word': async () => {
      await restore(done);
      await rename(state('deletions/000001.json'), state('deletions/000001.pending.json'));
    },
  };
  for (const [cut, make] of Object.entries(cuts)) {
    await make();
    const again = await open(directory);
    expect(await again.deletions.verify(), cut).toEqual([]);
    expect((await again.datasets.genotypes('d')).variantCount(), cut).toBe(0);
    expect((await again.datasets.genotypes('d')).everyone().size, cut).toBe(1);
    const events = (await again.records.events(0, 100)).filter(({ type }) => type === 'genotypes-deleted');
    expect(events, cut).toMatchObject([{ data: { record: proof.hash } }]);
    expect(existsSync(join(directory, 'deletions/000001.json')), cut).toBe(true);
    await again.close();
  }
});

test('what is not there or not this node’s to delete is refused', async () => {
  const node = await nodeWithGenomes();
  await expect(node.deletions.delete('e', 'x')).rejects.toMatchObject({ code: 'node/unknown-dataset' });
  expect(await recordsOf(node).all()).toEqual([]);
});
