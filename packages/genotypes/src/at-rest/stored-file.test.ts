import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@federome/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryKeys } from './memory-keys.ts';
import { StoreSeal } from './store-seal.ts';
import { CHUNK_BYTES, StoredFile, storedBytesOf, storedParts } from './stored-file.ts';

const newSeal = () => StoreSeal.create(new MemoryKeys(), 'store-1');
const corrupt = { code: 'genotypes/corrupt' };

function contentOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, place) => Math.imul(place, 0x9e3779b1) >>> 24));
}

async function write(
  path: string,
  seal: StoreSeal | undefined,
  parts: readonly Uint8Array[],
): Promise<Buffer> {
  const stored = Buffer.concat([...storedParts(seal, path, parts)]);
  await writeFile(path, stored);
  return stored;
}

test('any stretch of a file reads as it was written, however the content came, sealed and plain', async () => {
  const path = join(await temporaryDirectory(), '1-0.seg');
  const near = fc.oneof(
    fc.integer({ min: 0, max: 3 * CHUNK_BYTES }),
    fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES),
  );
  const seals = [undefined, await newSeal()];
  await fc.assert(
    fc.asyncProperty(
      near,
      near,
      near,
      near,
      fc.constantFrom(...seals),
      async (length, cut, from, to, seal) => {
        const content = contentOf(length);
        const stored = await write(path, seal, [content.subarray(0, cut), content.subarray(cut)]);
        expect(stored).toHaveLength(storedBytesOf(length, seal !== undefined));
        const [at, end] = [Math.min(from, to, length), Math.min(Math.max(from, to), length)];
        const file = new StoredFile(path, length, seal);
        // Twice: the first read of a file finds its salt.
        for (let time = 0; time < 2; time += 1) {
          expect(content.subarray(at, end).equals(await file.read(at, end - at))).toBe(true);
        }
        expect(content.equals(await file.readAll())).toBe(true);
        await expect(file.read(at, length - at + 1)).rejects.toMatchObject(corrupt);
      },
    ),
    { numRuns: 60 },
  );
});

test('nothing of the content stands in a sealed file', async () => {
  const path = join(await temporaryDirectory(), '1-0.people');
  const stored = await write(path, await newSeal(), [Buffer.from('HG00096\n'.repeat(5_000))]);
  expect(stored.includes('HG000')).toBe(false);
});

test('chunks that were exchanged, doubled, left out or brought from another file are refused', async () => {
  const home = await temporaryDirectory();
  const seal = await newSeal();
  const [path, elsewhere] = [join(home, '1-0.seg'), join(home, '1-1.seg')];
  const content = contentOf(3 * CHUNK_BYTES);
  const stored = await write(path, seal, [content]);
  const other = await write(elsewhere, seal, [content]);
  const chunk = (bytes: Buffer, place: number) =>
    bytes.subarray(16 + place * (CHUNK_BYTES + 16), 16 + (place + 1) * (CHUNK_BYTES + 16));
  const salt = stored.subarray(0, 16);
  const [a, b, c] = [chunk(stored, 0), chunk(stored, 1), chunk(stored, 2)];
  for (const parts of [
    [salt, b, a, c],
    [salt, a, a, c],
    [salt, a, c],
    [salt, a, chunk(other, 1), c],
    [other],
    [other.subarray(0, 16), a, b, c],
  ]) {
    await writeFile(path, Buffer.concat(parts));
    await expect(new StoredFile(path, content.length, seal).readAll()).rejects.toMatchObject({
      ...corrupt,
      location: { file: path },
    });
  }
});

test('a sealed file that was cut short, continued or removed is refused', async () => {
  const path = join(await temporaryDirectory(), '1-0.seg');
  const seal = await newSeal();
  const stored = await write(path, seal, [contentOf(CHUNK_BYTES + 10)]);
  const file = () => new StoredFile(path, CHUNK_BYTES + 10, seal);
  for (const length of [0, 15, 16, 17, CHUNK_BYTES, stored.length - 1]) {
    await writeFile(path, stored);
    await truncate(path, length);
    await expect(file().readAll()).rejects.toMatchObject(corrupt);
    await expect(file().read(CHUNK_BYTES, 10)).rejects.toMatchObject(corrupt);
  }
  await writeFile(path, Buffer.concat([stored, Buffer.alloc(1)]));
  await expect(file().readAll()).rejects.toMatchObject(corrupt);
  await rm(path);
  await expect(file().read(0, 1)).rejects.toMatchObject(corrupt);
});

test('a flipped bit anywhere in a sealed file is refused by whatever read touches it', async () => {
  const path = join(await temporaryDirectory(), '1-0.seg');
  const seal = await newSeal();
  await write(path, seal, [contentOf(CHUNK_BYTES + 100)]);
  const stored = await readFile(path);
  for (let draw = 0; draw < 300; draw += 1) {
    const place = draw < 40 ? draw : (Math.imul(draw, 0x9e3779b1) >>> 0) % stored.length;
    const damaged = Buffer.from(stored);
    damaged[place]! ^= 1 << (draw % 8);
    await writeFile(path, damaged);
    await expect(
      new StoredFile(path, CHUNK_BYTES + 100, seal).readAll(),
      `byte ${place}`,
    ).rejects.toMatchObject(corrupt);
  }
});
