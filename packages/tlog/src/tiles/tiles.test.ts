import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEntries, encodeEntries, firstEntries } from './bundle.ts';
import { parseTilePath, tilePath, tileWidth } from './path.ts';

test.each([
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
  [{ level: 63, index: 999, width: 1 }, 'tile/63/999.p/1'],
  [{ level: 'entries', index: 1000, width: 255 }, 'tile/entries/x001/000.p/255'],
] as const)('tile %o lies at %s', (ref, path) => {
  expect(tilePath(ref)).toBe(path);
  expect(parseTilePath(path)).toEqual(ref);
});

test.each([
  'tile/64/000',
  'tile/00/000',
  'tile/0/0',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/x000/001',
  'tile/0/001/234',
  'tile/0/x001',
  'tile/data/000',
  'tile/0/000/',
  '/tile/0/000',
  'tile/0/../0/000',
  'tile/0/x999/x999/x999/x999/x999/999',
  'checkpoint',
  'journal',
  '',
])('no tile lies at “%s”', (path) => {
  expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ code: 'tlog/bad-path' }));
});

test('every path reads back as the tile that it was written for', () => {
  const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
  fc.assert(
    fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (at, index, width) => {
      expect(parseTilePath(tilePath({ level: at, index, width }))).toEqual({ level: at, index, width });
    }),
  );
});

test('a tree of 70,000 has the tiles that the specification lists', () => {
  expect([tileWidth(0, 272, 70_000), tileWidth(0, 273, 70_000), tileWidth(0, 274, 70_000)]).toEqual([
    256, 112, 0,
  ]);
  expect([tileWidth(1, 0, 70_000), tileWidth(1, 1, 70_000)]).toEqual([256, 17]);
  expect([tileWidth(2, 0, 70_000), tileWidth(3, 0, 70_000)]).toEqual([1, 0]);
  expect([tileWidth('entries', 273, 70_000), tileWidth(1, 0, 256)]).toEqual([112, 1]);
});

test('entries read back from their bundle, whole or cut to the first of them', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1 }), fc.nat(), (entries, nat) => {
      const bytes = encodeEntries(entries);
      expect(decodeEntries(bytes)).toEqual(entries);
      const count = nat % (entries.length + 1);
      expect(firstEntries(bytes, count)).toEqual(encodeEntries(entries.slice(0, count)));
      expect(() => decodeEntries(bytes.subarray(0, bytes.length - 1))).toThrow(/ends within the entry/);
    }),
  );
});

test('an entry of 65,535 bytes fits a bundle, one of 65,536 does not', () => {
  expect(decodeEntries(encodeEntries([new Uint8Array(65_535)]))[0]).toHaveLength(65_535);
  expect(() => encodeEntries([new Uint8Array(65_536)])).toThrow(
    expect.objectContaining({ code: 'tlog/entry-too-long' }),
  );
});
