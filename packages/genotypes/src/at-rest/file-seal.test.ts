import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TAG_BYTES } from './file-seal.ts';
import { MemoryKeys } from './memory-keys.ts';
import { StoreSeal } from './store-seal.ts';

const bytes = fc.uint8Array({ maxLength: 400 });
const corrupt = expect.objectContaining({ code: 'genotypes/corrupt' });

async function seal(): Promise<StoreSeal> {
  return await StoreSeal.create(new MemoryKeys(), 'store-1');
}

test('what was sealed opens again in its place and is 16 bytes longer', async () => {
  const store = await seal();
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), (sections) => {
      const writer = store.newFile('/some/where/1-0.seg');
      const sealed = sections.map((raw, place) => writer.seal(place, raw));
      const reader = store.file('/else/where/1-0.seg', writer.salt);
      sections.forEach((raw, place) => {
        expect(sealed[place]).toHaveLength(raw.length + TAG_BYTES);
        expect(new Uint8Array(reader.open(place, sealed[place]!))).toEqual(raw);
      });
    }),
  );
});

test('a change of any bit of a sealed section, of its salt or of its context is refused', async () => {
  const store = await seal();
  const file = store.newFile('1-0.seg');
  const context = Buffer.from('what stands beside it');
  const sealed = file.seal(7, Buffer.from('four genotypes'), context);
  for (let bit = 0; bit < 8 * sealed.length; bit += 1) {
    const damaged = Uint8Array.from(sealed);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => file.open(7, damaged, context)).toThrow(corrupt);
  }
  for (let bit = 0; bit < 8 * file.salt.length; bit += 1) {
    const salt = Uint8Array.from(file.salt);
    salt[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => store.file('1-0.seg', salt).open(7, sealed, context)).toThrow(corrupt);
  }
  expect(() => file.open(7, sealed)).toThrow(corrupt);
  expect(Buffer.from(file.open(7, sealed, context)).toString()).toBe('four genotypes');
});

test('a section that was cut short or continued is refused', async () => {
  const file = (await seal()).newFile('1-0.seg');
  const sealed = file.seal(0, Buffer.from('four genotypes'));
  for (let length = 0; length < sealed.length; length += 1) {
    expect(() => file.open(0, sealed.subarray(0, length))).toThrow(corrupt);
  }
  expect(() => file.open(0, Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(corrupt);
});

test('a section opens in no other place, file or store, even of the same data key', async () => {
  const keys = new MemoryKeys();
  const store = await StoreSeal.create(keys, 'store-1');
  const file = store.newFile('1-0.seg');
  const [first, second] = [Buffer.from('first'), Buffer.from('other')].map((raw, at) => file.seal(at, raw));
  expect(() => file.open(1, first!)).toThrow(corrupt);
  expect(() => file.open(0, second!)).toThrow(corrupt);
  expect(() => store.file('1-1.seg', file.salt).open(0, first!)).toThrow(corrupt);
  const other = await StoreSeal.create(keys, 'store-1');
  expect(() => other.file('1-0.seg', file.salt).open(0, first!)).toThrow(corrupt);
});

test('the same content sealed twice, under the same name too, has nothing in common', async () => {
  const store = await seal();
  const raw = Buffer.alloc(64);
  const [first, second] = [1, 2].map(() => store.newFile('1-0.seg').seal(0, raw));
  expect(first!.every((byte, at) => byte === second![at])).toBe(false);
});

test('a place is sealed once and in ascending order, because a nonce is used once', async () => {
  const file = (await seal()).newFile('1-0.seg');
  file.seal(3, Buffer.alloc(1));
  for (const place of [3, 2, -1, 0.5, Number.NaN]) {
    expect(() => file.seal(place, Buffer.alloc(1))).toThrow(RangeError);
  }
});

test('the data key opens with the key that wrapped it, for the store that it is of', async () => {
  const keys = new MemoryKeys();
  const store = await StoreSeal.create(keys, 'store-1');
  const file = store.newFile('1-0.people');
  const sealed = file.seal(0, Buffer.from('a\nb'));
  const read = (by: StoreSeal) => Buffer.from(by.file('1-0.people', file.salt).open(0, sealed)).toString();
  const again = await StoreSeal.open(keys, 'store-1', store.wrapped);
  expect(read(again)).toBe('a\nb');
  await expect(StoreSeal.open(keys, 'store-2', store.wrapped)).rejects.toThrow();
  const rewrapped = await again.rewrap(keys);
  expect(rewrapped.wrapped.key).not.toBe(store.wrapped.key);
  await keys.destroy(store.wrapped.key);
  await expect(StoreSeal.open(keys, 'store-1', store.wrapped)).rejects.toThrow(store.wrapped.key);
  const reopened = await StoreSeal.open(keys, 'store-1', rewrapped.wrapped);
  expect(read(reopened)).toBe('a\nb');
});

test('a closed store has forgotten its data key', async () => {
  const store = await seal();
  store.close();
  expect(() => store.newFile('1-0.seg')).toThrow('closed');
});
