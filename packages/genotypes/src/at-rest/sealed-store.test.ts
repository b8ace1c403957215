import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import type { StoreOptions } from '../queries/load-snapshot.ts';
import { GenotypeStore } from '../store.ts';
import type { DataKeys } from './data-keys.ts';
import { MemoryKeys } from './memory-keys.ts';

const DATASET = { assembly: 'GRCh38', absent: 'reference' } as const;
const SAMPLES = Array.from({ length: 60 }, (_, place) => `sample-${place}`);

async function vcf(path: string, contig = '1', samples = SAMPLES): Promise<string> {
  const rows = Array.from({ length: 120 }, (_, site) => {
    const calls = samples.map((_, place) => {
      const draw = Math.imul(site * 151 + place + 1, 0x9e3779b1) >>> 24;
      return draw < 3 ? './.' : draw < 2 * site ? '0|1' : '0/0';
    });
    return [contig, 1_000 + site * 20_000, `rs${site}`, 'A', 'G', '.', '.', '.', 'GT', ...calls].join('\t');
  });
  const columns = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...samples].join('\t');
  const header = `##fileformat=VCFv4.2\n##contig=<ID=${contig}>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">`;
  await writeFile(path, `${[header, columns, ...rows].join('\n')}\n`);
  return path;
}

async function stored(options: StoreOptions) {
  const home = await temporaryDirectory();
  const store = await GenotypeStore.create(join(home, 'store'), DATASET, options);
  await store.ingest(await vcf(join(home, 'secret-name.vcf')));
  await store.addPeople(['someone without a genome']);
  return { home, store };
}

/** Everything that a store tells. */
async function said(store: GenotypeStore): Promise<string> {
  const all: unknown[] = [store.blocks().map(({ samples }) => samples), store.everyone().size];
  const cohorts = [store.everyone(), ...Array.from({ length: 7 }, (_, person) => PeopleSet.of([person]))];
  for await (const counts of store.frequencies(cohorts)) all.push(counts);
  return JSON.stringify(all);
}

async function filesOf(directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('ingest.lock'));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)),
  );
}

test('an encrypted store tells what a plain one does, to another process too', async () => {
  const keys = new MemoryKeys();
  const sealed = await stored({ keys });
  const plain = await stored({});
  expect(await said(sealed.store)).toBe(await said(plain.store));
  expect(await said(await GenotypeStore.open(sealed.store.directory, { keys }))).toBe(
    await said(plain.store),
  );
  expect([sealed.store.key === undefined, plain.store.key]).toEqual([false, undefined]);
  expect((await sealed.store.verify()).faults).toEqual([]);
});

test('no name, input file, contig or position stands in any file of an encrypted store', async () => {
  const [{ store }, plain] = [await stored({ keys: new MemoryKeys() }), await stored({})];
  const telling = ['sample-', 'secret-name', 'GRCh38', 'rs1', 'someone'];
  const shows = (files: ReadonlyMap<string, Buffer>) =>
    telling.filter((text) =>
      [...files.values()].some((bytes) => bytes.includes(text) || unpacked(bytes).includes(text)),
    );
  expect(shows(await filesOf(store.directory))).toEqual([]);
  expect(shows(await filesOf(plain.store.directory))).toContain('sample-');
});

/** What zstd frames anywhere in the bytes hold. */
function unpacked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = bytes.indexOf('28b52ffd', 0, 'hex'); at >= 0; at = bytes.indexOf('28b52ffd', at + 1, 'hex')) {
    try {
      parts.push(zstdDecompressSync(bytes.subarray(at)));
    } catch {
      // Four bytes that only look like a frame, or a frame with others behind it.
    }
  }
  return Buffer.concat(parts);
}

test('without its key an encrypted store does not open, and the key is named', async () => {
  const { store } = await stored({ keys: new MemoryKeys() });
  const missing = { code: 'genotypes/key-missing', message: expect.stringContaining(store.key!) };
  await expect(GenotypeStore.open(store.directory)).rejects.toMatchObject(missing);
  await expect(GenotypeStore.open(store.directory, { keys: new MemoryKeys() })).rejects.toMatchObject(
    missing,
  );
});

test('a scrub without the key finds rot all the same, and says that the key is missing', async () => {
  const { store } = await stored({ keys: new MemoryKeys() });
  const missing = { file: 'manifest', error: { code: 'genotypes/key-missing' } };
  expect((await GenotypeStore.verify(store.directory)).faults).toMatchObject([missing]);
  const file = (await readdir(store.directory)).find((name) => name.endsWith('.seg'))!;
  const bytes = await readFile(join(store.directory, file));
  bytes[bytes.length >> 1]! ^= 4;
  await writeFile(join(store.directory, file), bytes);
  expect((await GenotypeStore.verify(store.directory)).faults).toMatchObject([
    { file, error: { code: 'genotypes/corrupt' } },
    missing,
  ]);
});

test('whoever can write to the disk cannot put the wrapped key, or a list of files, of another store in place', async () => {
  const keys = new MemoryKeys();
  const [one, other] = [(await stored({ keys })).store, (await stored({ keys })).store];
  const { createHash } = await import('node:crypto');
  const path = join(one.directory, 'manifest');
  const [line, ...rest] = (await readFile(path, 'latin1')).split('\n');
  const [, foreign] = (await readFile(join(other.directory, 'manifest'), 'latin1')).split('\n');
  const envelope = JSON.parse(rest[0]!);
  for (const changed of [
    { ...envelope, sealed: JSON.parse(foreign!).sealed },
    { ...envelope, files: [] },
    { ...envelope, store: JSON.parse(foreign!).store },
    { ...envelope, sealed: { ...envelope.sealed, former: ['x'] } },
  ]) {
    const body = Buffer.from([JSON.stringify(changed), ...rest.slice(1)].join('\n'), 'latin1');
    const digest = createHash('sha256').update('2\n').update(body).digest('hex');
    await writeFile(path, Buffer.concat([Buffer.from(`federome-genotypes 2 ${digest}\n`), body]));
    await expect(GenotypeStore.open(one.directory, { keys })).rejects.toThrow();
  }
  await writeFile(path, [line, ...rest].join('\n'), 'latin1');
  expect((await GenotypeStore.open(one.directory, { keys })).id).toBe(one.id);
});

test('a rotated key opens the store, the old one is destroyed, and nothing but the manifest was written', async () => {
  const keys = new MemoryKeys();
  const { store, home } = await stored({ keys });
  const reader = await GenotypeStore.open(store.directory, { keys });
  const [before, told] = [await filesOf(store.directory), await said(store)];
  const old = store.key!;
  const rotated = await store.rotateKey();
  expect(store.key).toBe(rotated);
  expect(rotated).not.toBe(old);
  await expect(keys.wrap(old, new Uint8Array(32), '')).rejects.toMatchObject({
    code: 'genotypes/key-missing',
  });
  const after = await filesOf(store.directory);
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [name, bytes] of after) expect(bytes.equals(before.get(name)!), name).toBe(name !== 'manifest');
  await reader.refresh();
  expect([await said(reader), await said(await GenotypeStore.open(store.directory, { keys }))]).toEqual([
    told,
    told,
  ]);
  await store.ingest(await vcf(join(home, 'more.vcf'), '2'));
  expect((await store.verify()).faults).toEqual([]);
});

test('a rotation that is cut off before the old key went is completed by the next', async () => {
  const keys = new MemoryKeys();
  const { store } = await stored({ keys });
  const old = store.key!;
  const stubborn: DataKeys = {
    create: () => keys.create(),
    wrap: (...given) => keys.wrap(...given),
    unwrap: (...given) => keys.unwrap(...given),
    destroy: async () => Promise.reject(new Error('power is gone')),
  };
  const cut = await GenotypeStore.open(store.directory, { keys: stubborn });
  await expect(cut.rotateKey()).rejects.toThrow('power is gone');
  await keys.wrap(old, new Uint8Array(32), '');
  await store.refresh();
  await store.rotateKey();
  await expect(keys.wrap(old, new Uint8Array(32), '')).rejects.toMatchObject({
    code: 'genotypes/key-missing',
  });
});

test('a reader that has cached what was erased does not serve it for the store that comes in its place', async () => {
  const keys = new MemoryKeys();
  const { store, home } = await stored({ keys });
  const reader = await GenotypeStore.open(store.directory, { keys });
  const told = await said(reader);
  await GenotypeStore.erase(store.directory, { ...DATASET, keys }, async () => {});
  await store.refresh();
  expect([store.everyone().size, store.variantCount()]).toEqual([0, 0]);
  await store.ingest(await vcf(join(home, 'other.vcf'), '1', SAMPLES.toReversed()));
  await reader.refresh();
  expect(await said(reader)).toBe(await said(store));
  expect(await said(reader)).not.toBe(told);
});
