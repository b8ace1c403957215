import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { neighbourOf } from './neighbour.ts';

const spain = { country: 'ES', centre: [100, 400] as const };
const italy = { country: 'IT', centre: [300, 390] as const };
const finland = { country: 'FI', centre: [380, 60] as const };
const estonia = { country: 'EE', centre: [385, 130] as const };
const all = [spain, italy, finland, estonia];

test('arrow keys go to the nearest country in their direction', () => {
  expect(neighbourOf(spain, all, 'ArrowRight')).toBe(italy);
  expect(neighbourOf(finland, all, 'ArrowDown')).toBe(estonia);
  expect(neighbourOf(estonia, all, 'ArrowUp')).toBe(finland);
  expect(neighbourOf(spain, all, 'ArrowLeft')).toBeUndefined();
  expect(neighbourOf(spain, all, 'End')).toBe(estonia);
  expect(neighbourOf(spain, all, 'x')).toBeUndefined();
});

test('every country can be reached from every other with the arrow keys', () => {
  const places = fc.uniqueArray(fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: 500 })), {
    minLength: 2,
    maxLength: 12,
    selector: ([x, y]) => `${x} ${y}`,
  });
  fc.assert(
    fc.property(places, (centres) => {
      const countries = centres.map((centre, index) => ({ country: String(index), centre }));
      const reached = new Set([countries[0]!]);
      for (const one of reached) {
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
          const next = neighbourOf(one, countries, key);
          if (next !== undefined) reached.add(next);
        }
      }
      expect(reached.size).toBe(countries.length);
    }),
  );
});
