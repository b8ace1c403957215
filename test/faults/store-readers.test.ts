import { join } from 'node:path';
import { GenotypeStore } from '@federome/genotypes';
import { expect, test } from 'vitest';
import { answersOf, preparedHome, startWorker, writeVcf } from './faulty-store.ts';

test('whoever streams counts while another process ingests, compacts and rotates keys sees one state to the end, then the next', {
  timeout: 60_000,
}, async () => {
  const { home, keyFiles, keys, directory, store } = await preparedHome();
  const before = await answersOf(store);
  const reader = await GenotypeStore.open(directory, { keys, cacheBytes: 1 << 16 });
  const everyone = [reader.everyone()];
  const seen: unknown[] = [];
  const added = await writeVcf(join(home, 'b.vcf'), 'b');
  const writer = await startWorker(
    directory,
    keyFiles,
    `await store.ingest(${JSON.stringify(added)}); await store.rotateKey(); await store.compact();`,
  );
  const stream = reader.frequencies(everyone);
  for (let sites = 0; sites < 100; sites += 1) seen.push((await stream.next()).value);
  writer.go();
  await writer.ended();
  for await (const counts of stream) seen.push(counts);
  const undisturbed: unknown[] = [];
  for await (const counts of store.frequencies(everyone)) undisturbed.push(counts);
  expect(seen).toEqual(undisturbed);
  expect(await answersOf(reader)).toBe(before);
  const next = await GenotypeStore.open(directory, { keys });
  expect(next.everyone().size).toBe(402);
  expect(await answersOf(next)).not.toBe(before);
});

test('several processes read a store while one ingests, and each answer is of one of its states', {
  timeout: 60_000,
}, async () => {
  const small = { people: 100, sites: 800 };
  const { home, keyFiles, directory, store } = await preparedHome(small);
  const files = await Promise.all(
    ['b', 'c', 'd'].map((prefix) => writeVcf(join(home, `${prefix}.vcf`), prefix, small)),
  );
  const digest = `(text) => (await import('node:crypto')).createHash('sha256').update(text).digest('hex')`;
  const reading = `
    const digest = async ${digest};
    for (let round = 0; round < 12; round += 1) {
      await store.refresh();
      const version = store.version;
      say(version + ' ' + await digest(await answersOf(store)));
    }`;
  const readers = await Promise.all([1, 2, 3].map(() => startWorker(directory, keyFiles, reading)));
  const states = new Map<number, string>();
  const remember = async () => {
    const { createHash } = await import('node:crypto');
    states.set(
      store.version,
      createHash('sha256')
        .update(await answersOf(store))
        .digest('hex'),
    );
  };
  await remember();
  for (const reader of readers) reader.go();
  for (const file of files) {
    await store.ingest(file);
    await remember();
  }
  for (const reader of readers) {
    await reader.ended();
    const lines = reader.said().trim().split('\n').slice(1);
    expect(lines).toHaveLength(12);
    let last = 0;
    for (const line of lines) {
      const [version, digestOfAnswers] = line.split(' ');
      expect(states.get(Number(version))).toBe(digestOfAnswers);
      expect(Number(version)).toBeGreaterThanOrEqual(last);
      last = Number(version);
    }
  }
});
