import { expect, test } from 'vitest';
import { durationDays, epochDay } from './age.ts';

test.each([
  ['P0D', 0],
  ['P1D', 1],
  ['P2W', 14],
  ['P1M', 31],
  ['P12M', 366],
  ['P1Y', 366],
  ['P1Y6M', 366 + 184],
  ['P40Y', 14_610],
  ['P40Y11M30D', 41 * 365 + 10 - 1],
  ['P1DT12H', 1],
  ['P0.5Y', 184],
  ['P0.1Y', 37],
])('%s is %i whole days', (text, days) => {
  expect(durationDays(text)).toBe(days);
});

test('whoever is N years old is at least N and less than N + 1 years old on every day', () => {
  const days = (years: number, today: number) => {
    const date = new Date(today);
    const birthday = new Date(Date.UTC(date.getUTCFullYear() - years, date.getUTCMonth(), date.getUTCDate()));
    return (today - birthday.getTime()) / 86_400_000;
  };
  for (let today = Date.UTC(2024, 0, 1); today < Date.UTC(2029, 0, 1); today += 37 * 86_400_000) {
    for (let years = 1; years < 100; years += 1) {
      const age = durationDays(`P${years}Y`);
      expect(age).toBeGreaterThanOrEqual(days(years, today));
      expect(durationDays(`P${years - 1}Y11M30D`)).toBeLessThan(days(years, today));
    }
  }
});

test.each(['', 'P', 'PT', '40', '40Y', 'P-1Y', 'P1D2Y', 'Infancy'])("'%s' is no duration", (text) => {
  expect(() => durationDays(text)).toThrow(expect.objectContaining({ code: 'core/bad-duration' }));
});

test.each([
  ['1970-01-01', 0],
  ['1969-12-31', -1],
  ['2024-02-29', 19_782],
  ['1970-01-02T23:59:59Z', 1],
  ['1970-02', 31 + 14],
  ['1971', 365 + 182],
])('%s is day %i', (text, day) => {
  expect(epochDay(text)).toBe(day);
});

test.each(['', '70', '1970-13', '2023-02-29', '1970-1-1', 'yesterday'])("'%s' is no date", (text) => {
  expect(() => epochDay(text)).toThrow(expect.objectContaining({ code: 'core/bad-subject' }));
});
