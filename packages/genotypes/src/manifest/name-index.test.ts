import { PEOPLE_PER_BLOCK } from '@federome/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockNames } from './block-names.ts';
import { NameIndex } from './name-index.ts';

const name = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\n'));
const block = (names: readonly string[]) => new BlockNames(Buffer.from(names.join('\n'), 'utf8'));

test('names are read back in their order, whatever they are written in', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 20 }), (names) => {
      const read = block(names);
      expect(read.count).toBe(names.length);
      expect(read.all()).toEqual(names);
      expect(names.map((_, place) => read.at(place))).toEqual(names);
    }),
  );
});

test('everyone is found by name in their block, and nobody else by any', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 2, maxLength: 60 }),
      fc.nat(),
      fc.array(name, { maxLength: 10 }),
      (names, cut, others) => {
        const first = 1 + (cut % (names.length - 1));
        const index = new NameIndex([block(names.slice(0, first)), block(names.slice(first))]);
        names.forEach((each, place) => {
          expect(index.find(each)).toBe(place < first ? place : PEOPLE_PER_BLOCK + place - first);
        });
        for (const other of others) if (!names.includes(other)) expect(index.find(other)).toBeUndefined();
      },
    ),
  );
});

test('a name whose person moved stands for who they are now', () => {
  const index = new NameIndex([block(['a', 'b']), block(['c', 'a'])], (person) => person === 0);
  expect(index.find('a')).toBe(PEOPLE_PER_BLOCK + 1);
  expect(index.find('b')).toBe(1);
});
