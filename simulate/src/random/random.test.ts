import { describe, expect, test } from 'vitest';
import { Random } from './random.ts';

const DRAWS = 50_000;

function draw(of: (random: Random) => number, count = DRAWS): readonly number[] {
  const random = new Random(9, 'test');
  return Array.from({ length: count }, () => of(random));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('a stream of random numbers', () => {
  test('is the same for the same seed and name, and another for any other', () => {
    const first = (seed: number, ...name: readonly (string | number)[]) => new Random(seed, ...name).bits();
    expect(first(1, 'a', 2)).toBe(first(1, 'a', 2));
    const others = [first(2, 'a', 2), first(1, 'b', 2), first(1, 'a', 3), first(1, 'a'), first(1, 'a', 2, 0)];
    expect(new Set([first(1, 'a', 2), ...others]).size).toBe(6);
  });

  test('does not change between versions: files of a seed stay the same', () => {
    const random = new Random(1, 'fixed');
    expect([random.bits(), random.bits(), random.bits()]).toEqual([255681850, 1757242294, 4216066182]);
  });

  test('is uniform over [0, 1)', () => {
    const values = draw((random) => random.uniform());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const bins = Array.from({ length: 20 }, () => 0);
    for (const value of values) bins[Math.floor(20 * value)]! += 1;
    const chiSquare = bins.reduce((sum, bin) => sum + (bin - DRAWS / 20) ** 2 / (DRAWS / 20), 0);
    expect(chiSquare).toBeLessThan(45);
  });

  test('has normal, exponential and gamma draws of the right mean and variance', () => {
    const checks: readonly (readonly [(random: Random) => number, number, number])[] = [
      [(random) => random.normal(), 0, 1],
      [(random) => random.exponential(), 1, 1],
      [(random) => random.gamma(0.2), 0.2, 0.2],
      [(random) => random.gamma(5), 5, 5],
      [(random) => random.skip(0.1), 9, 90],
    ];
    for (const [of, expected, variance] of checks) {
      const values = draw(of);
      expect(Math.abs(mean(values) - expected)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
      const spread = mean(values.map((value) => (value - expected) ** 2));
      expect(spread / variance).toBeGreaterThan(0.9);
      expect(spread / variance).toBeLessThan(1.1);
    }
  });

  test('draws different numbers in order, each equally often', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    const random = new Random(3, 'distinct');
    for (let round = 0; round < 5_000; round++) {
      const drawn = random.distinct(3, 10);
      expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
      for (const number of drawn) counts[number]! += 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_500)).toBeLessThan(160);
  });
});
