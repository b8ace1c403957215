import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasTool } from '@federome/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { haveStudy, type Study } from '../data/have-study.ts';
import { readTruth, TruthWriter } from '../data/truth.ts';
import { StorePrograms } from '../programs/store.ts';
import { WrongCount } from '../run/check.ts';
import { compareStudy } from './compare.ts';
import type { Bench } from './part.ts';

const hasPeers = hasTool('bcftools', 'plink2', 'bgzip');
let home: string;
let bench: Bench;
let study: Study;

beforeAll(async () => {
  if (!hasPeers) return;
  home = await mkdtemp(join(tmpdir(), 'federome-bench-test-'));
  study = await haveStudy(home, 'tiny', SHAPE, 1);
  bench = {
    edition: 'small',
    repeats: 1,
    work: home,
    store: await StorePrograms.build(join(home, 'programs')),
    study: async () => study,
    storeOf: async () => join(home, 'store'),
    say: () => undefined,
  };
});
afterAll(() => (hasPeers ? rm(home, { recursive: true, force: true }) : undefined));

const SHAPE = {
  people: 300,
  sites: 200,
  spacingBp: 20,
  spectrum: { singletons: 0.4, common: 0.3 },
  format: 'GT',
  phased: true,
  missing: 0.01,
  multiallelic: 0.1,
  seed: 3,
} as const;

test.skipIf(!hasPeers)('figures come of three programs that count as the truth does', async () => {
  const { tasks, checked, bytes } = await compareStudy(bench, '10k');
  expect(Object.values(tasks ?? {}).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(checked).toEqual([
    expect.stringMatching(/^2\d\d alleles in five populations, by all three programs$/),
    'genotypes of 200 sites',
  ]);
  expect(bytes?.store).toBeGreaterThan(1_000);
});

test.skipIf(!hasPeers)('a truth with one copy too many leaves no figure', async () => {
  const path = `${study.stem}.truth.gz`;
  const truth = await readTruth(path);
  truth[77]!.counts[8]! += 1;
  const writer = new TruthWriter(path);
  for (const row of truth) writer.write(row);
  await writer.end();
  await expect(compareStudy(bench, '10k')).rejects.toThrow(WrongCount);
});

test.skipIf(!hasPeers)('a study is written once and again only when its shape changes', async () => {
  const again = await haveStudy(home, 'tiny', SHAPE, 1);
  expect(again).toEqual(study);
  const shape = { ...SHAPE, sites: 20, format: 'GT:AD:DP:GQ', multiallelic: 0 } as const;
  const other = await haveStudy(home, 'tiny', shape, 1);
  expect(other.textBytes).toBeLessThan(study.textBytes);
  expect((await readTruth(`${other.stem}.truth.gz`)).length).toBeLessThan(40);
});
