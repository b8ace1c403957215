import { PEOPLE_PER_BLOCK } from '@federome/core';
import { expect, test } from 'vitest';
import { spanSets } from './span-sets.ts';

const calls = {
  carriers: (allele: number) => Uint32Array.of(0, 5, 6, 7, 8, 11 + allele),
  missing: Uint32Array.of(5),
  absent: new Uint32Array(0),
  usualPhase: 'none',
  unusualPhase: Uint32Array.of(0, 2, 3, 5),
} as const;

test('the sets of full blocks, and of one block, are those of the file', () => {
  expect(spanSets(calls, [PEOPLE_PER_BLOCK, PEOPLE_PER_BLOCK, 7])).toBe(calls);
  expect(spanSets(calls, [3])).toBe(calls);
});

test('people behind a block that is not full are numbered from the next block on', () => {
  const sets = spanSets(calls, [3, 1, 10]);
  const block = 2 * PEOPLE_PER_BLOCK;
  expect([...sets.carriers(1)]).toEqual([0, 5, block, block + 1, 2 * block, 2 * block + 4]);
  expect([...sets.missing]).toEqual([5]);
  expect([...sets.absent]).toEqual([]);
  expect(sets.usualPhase).toBe('none');
  expect(sets.unusualPhase).toEqual(Uint32Array.of(0, 2, PEOPLE_PER_BLOCK, 2 * PEOPLE_PER_BLOCK + 1));
});
