import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenotypeStore } from '@federome/genotypes';
import { expect, onTestFinished, test } from 'vitest';
import { genotypesPath } from '../home.ts';
import { type FederomeNode, initNode, openNode } from '../main.ts';

async function freshNode(): Promise<FederomeNode> {
  const directory = await mkdtemp(join(tmpdir(), 'federome-datasets-'));
  await initNode(directory, { country: 'EE' });
  const node = await openNode(directory, { now: () => new Date('2026-01-01T00:00:00Z') });
  onTestFinished(async () => {
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });
  return node;
}

test('a dataset is added with what silence and absence mean, and the event is remembered', async () => {
  const node = await freshNode();
  await node.datasets.add({ id: 'd', assembly: 'GRCh37' });
  expect(await node.datasets.list()).toMatchObject([{ id: 'd', absent: 'missing', consentModel: 'opt-out' }]);
  expect((await node.datasets.genotypes('d')).assembly).toBe('GRCh37');
  expect(await node.records.events(0, 10)).toMatchObject([
    { type: 'dataset-added', data: { dataset: 'd' }, at: '2026-01-01T00:00:00.000Z' },
  ]);
});

test('an addition that was interrupted after the store was made is completed by the same command', async () => {
  const node = await freshNode();
  const path = genotypesPath(node.home, 'd');
  await GenotypeStore.create(path, { assembly: 'GRCh38', absent: 'missing' });
  await expect(node.datasets.add({ id: 'd', assembly: 'GRCh37' })).rejects.toMatchObject({
    code: 'genotypes/store-exists',
  });
  await expect(node.datasets.genotypes('d')).rejects.toMatchObject({ code: 'node/unknown-dataset' });
  await node.datasets.add({ id: 'd', assembly: 'GRCh38' });
  expect(await node.datasets.list()).toHaveLength(1);
});

test.each([{ id: '../d' }, { id: '' }, { duo: ['DUO:42'] }])('%j makes no dataset', async (changes) => {
  const node = await freshNode();
  await expect(node.datasets.add({ id: 'd', assembly: 'GRCh38', ...changes })).rejects.toMatchObject({
    code: 'node/bad-dataset',
  });
  expect(await node.datasets.list()).toEqual([]);
});
