import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenotypeStore } from '@federome/genotypes';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import {
  answersOf,
  DATASET,
  draws,
  filesIn,
  keysIn,
  preparedHome,
  startWorker,
  type Worker,
  writeVcf,
} from './faulty-store.ts';

/** Kills `work` on a copy of a store at random moments, and holds what is left against before and after. */
async function killed(
  rounds: number,
  work: string,
  begin: { readonly directory: string; readonly keys: string; readonly home: string },
  check: (directory: string, acknowledged: boolean) => Promise<boolean>,
): Promise<{ readonly done: number; readonly undone: number }> {
  const draw = draws(20_261_122);
  const start = async (round: number): Promise<readonly [string, Worker]> => {
    const directory = join(begin.home, `killed-${round}`);
    await cp(begin.directory, directory, { recursive: true });
    return [directory, await startWorker(directory, begin.keys, `${work}; say('acknowledged');`)];
  };
  let spanMs = 0;
  for (let warm = 0; warm < 2; warm += 1) {
    const [, worker] = await start(-1 - warm);
    const begun = performance.now();
    worker.go();
    await worker.ended();
    expect(worker.said()).toContain('acknowledged');
    spanMs = performance.now() - begun;
  }
  const outcomes = { done: 0, undone: 0 };
  // The next process starts while what the last one left is looked at.
  let next = start(0);
  for (let round = 0; round < rounds; round += 1) {
    const [directory, worker] = await next;
    worker.go();
    await delay(draw() * spanMs * 1.1);
    worker.child.kill('SIGKILL');
    await worker.ended();
    if (round + 1 < rounds) next = start(round + 1);
    outcomes[(await check(directory, worker.said().includes('acknowledged'))) ? 'done' : 'undone'] += 1;
  }
  return outcomes;
}

test('an ingest that is killed at any of 50 moments leaves all or nothing, and the next run completes it', {
  timeout: 300_000,
}, async () => {
  const { home, keyFiles, keys, directory, store } = await preparedHome();
  const added = await writeVcf(join(home, 'added.vcf'), 'b');
  const old = await answersOf(store);
  const whole = join(home, 'whole');
  await cp(directory, whole, { recursive: true });
  const undisturbed = await GenotypeStore.open(whole, { keys });
  await undisturbed.ingest(added);
  const complete = await answersOf(undisturbed);

  const work = `await store.ingest(${JSON.stringify(added)})`;
  const outcomes = await killed(50, work, { directory, keys: keyFiles, home }, async (left, acknowledged) => {
    const opened = await GenotypeStore.open(left, { keys });
    const after = await answersOf(opened);
    expect(acknowledged ? [complete] : [old, complete]).toContain(after);
    expect((await opened.verify()).faults).toEqual([]);
    await opened.ingest(added);
    expect(await answersOf(opened)).toBe(complete);
    expect(await filesIn(left)).toEqual(await filesIn(whole));
    return after === complete;
  });
  expect(outcomes.undone).toBeGreaterThan(10);
  expect(outcomes.done).toBeGreaterThan(0);
});

test('a rotation of keys or a counting of groups that is killed leaves what was or what is to be', {
  timeout: 300_000,
}, async () => {
  const { home, keyFiles, keys, directory, store } = await preparedHome({ people: 60, sites: 400 });
  const old = await answersOf(store);
  const rotation = `for (let i = 0; i < 20; i += 1) await store.rotateKey()`;
  // Every copy of the store has the same key, which is destroyed by one rotation: each round makes its own.
  const own = await rotationRounds(5, directory, home, rotation, old);
  expect(own).toBe(5);

  const counting = `await store.storeCounts([{ name: 'a', people: store.everyone() }])`;
  await killed(5, counting, { directory, keys: keyFiles, home: join(home, 'counting') }, async (left) => {
    const opened = await GenotypeStore.open(left, { keys });
    expect(await answersOf(opened)).toBe(old);
    expect((await opened.verify()).faults).toEqual([]);
    return opened.storedGroups().includes('a');
  });
});

test('a compaction that is killed leaves the blocks that were or those that are to be, and the next run completes it', {
  timeout: 300_000,
}, async () => {
  const small = { people: 60, sites: 1_000 };
  const { home, keyFiles, keys, directory, store } = await preparedHome(small);
  await store.ingest(await writeVcf(join(home, 'b.vcf'), 'b', small));
  const old = await answersOf(store);
  const whole = join(home, 'whole');
  await cp(directory, whole, { recursive: true });
  const undisturbed = await GenotypeStore.open(whole, { keys });
  expect((await undisturbed.compact()).outcome).toBe('compacted');
  const complete = await answersOf(await GenotypeStore.open(whole, { keys }));
  expect(complete).not.toBe(old);
  const work = 'await store.compact()';
  await killed(8, work, { directory, keys: keyFiles, home }, async (left, acknowledged) => {
    const opened = await GenotypeStore.open(left, { keys });
    const after = await answersOf(opened);
    expect(acknowledged ? [complete] : [old, complete]).toContain(after);
    expect((await opened.verify()).faults).toEqual([]);
    await opened.compact();
    expect(await answersOf(await GenotypeStore.open(left, { keys }))).toBe(complete);
    return after === complete;
  });
});

/** Kills rotations of stores that have a key store each; gives the number of stores that still answer. */
async function rotationRounds(
  rounds: number,
  directory: string,
  home: string,
  work: string,
  answers: string,
): Promise<number> {
  const draw = draws(7);
  let right = 0;
  for (let round = 0; round < rounds; round += 1) {
    const [copy, keyFiles] = [join(home, `rotated-${round}`), join(home, `keys-${round}`)];
    await cp(directory, copy, { recursive: true });
    await cp(join(home, 'keys'), keyFiles, { recursive: true });
    const worker = await startWorker(copy, keyFiles, work);
    worker.go();
    await delay(draw() * 60);
    worker.child.kill('SIGKILL');
    await worker.ended();
    const keys = await keysIn(keyFiles);
    const opened = await GenotypeStore.open(copy, { keys });
    expect((await opened.verify()).faults).toEqual([]);
    if ((await answersOf(opened)) === answers) right += 1;
    await opened.rotateKey();
    expect((await readdir(keyFiles)).filter((name) => name === `${opened.key}.key`)).toHaveLength(1);
  }
  return right;
}

test('a second ingest into the same store is refused while one runs', async () => {
  const home = await temporaryDirectory();
  const [file, directory] = [await writeVcf(join(home, 'a.vcf'), 'a'), join(home, 'store')];
  const store = await GenotypeStore.create(directory, DATASET);
  const first = store.ingest(file);
  const second = await GenotypeStore.open(directory);
  await expect(second.ingest(file)).rejects.toMatchObject({ code: 'genotypes/locked' });
  await first;
  expect((await second.ingest(file)).outcome).toBe('already-ingested');
});

test('a disk that fills at any file refuses by name, leaves every byte as it was, and nothing else', {
  timeout: 60_000,
}, async () => {
  const { home, keyFiles, directory, store } = await preparedHome({ people: 40, sites: 60 });
  const before = await bytesIn(directory);
  // A limit on the size of files stands for the full disk, in blocks of 512 bytes.
  const cases = [
    { people: 3_000, sites: 40, limitBlocks: 2, refused: /\.seg$/ },
    { people: 3_000, sites: 3, limitBlocks: 6, refused: /\.people$/ },
    { people: 10, sites: 2, limitBlocks: 3, refused: /manifest$/ },
  ];
  for (const { people, sites, limitBlocks, refused } of cases) {
    const added = await writeVcf(join(home, `${people}-${sites}.vcf`), 'b', { people, sites });
    const work =
      `await store.ingest(${JSON.stringify(added)})` +
      `.then(() => say('acknowledged'), (error) => say(error.code + ' ' + error.location?.file));`;
    const worker = await startWorker(directory, keyFiles, work, limitBlocks);
    worker.go();
    await worker.ended();
    const [, said = ''] = worker.said().trim().split('\n');
    expect(said).toMatch(/^genotypes\/disk-full /);
    expect(said).toMatch(refused);
    expect(await bytesIn(directory)).toEqual(before);
  }
  await store.refresh();
  expect((await store.ingest(join(home, '10-2.vcf'))).outcome).toBe('ingested');
});

async function bytesIn(directory: string): Promise<Record<string, string>> {
  const files = await filesIn(directory);
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, (await readFile(join(directory, file))).toString('base64')] as const),
    ),
  );
}
