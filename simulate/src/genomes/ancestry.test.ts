import { describe, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { ANCESTORS, AncestralTrees, Descent } from './ancestry.ts';

describe('the ancestral trees', () => {
  test('give a neutral spectrum: i carriers among the ancestors with probability in proportion to 1/i', () => {
    const counts = new Map<number, number>();
    const draws = 20_000;
    for (let tree = 0; tree < 100; tree++) {
      const trees = new AncestralTrees(new Random(tree, 'spectrum'));
      for (let mutation = 0; mutation < draws / 100; mutation++) {
        const { low, high } = trees.mutate();
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(ANCESTORS);
        counts.set(high - low, (counts.get(high - low) ?? 0) + 1);
      }
    }
    const harmonic = Array.from({ length: ANCESTORS - 1 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    const share = (from: number, to: number): number =>
      [...counts].reduce((sum, [size, count]) => sum + (size >= from && size < to ? count : 0), 0) / draws;
    for (const [from, to] of [
      [1, 2],
      [2, 4],
      [4, 16],
      [16, 64],
      [64, ANCESTORS],
    ] as const) {
      let expected = 0;
      for (let size = from; size < to; size++) expected += 1 / size / harmonic;
      expect(Math.abs(share(from, to) - expected), `${from} to ${to}`).toBeLessThan(0.02);
    }
  });

  test('are trees: clades of one place are nested or apart', () => {
    const trees = new AncestralTrees(new Random(1, 'nested'));
    const clades = Array.from({ length: 300 }, () => trees.mutate());
    for (const a of clades) {
      for (const b of clades) {
        const apart = a.high <= b.low || b.high <= a.low;
        const nested = (a.low <= b.low && b.high <= a.high) || (b.low <= a.low && a.high <= b.high);
        expect(apart || nested).toBe(true);
      }
    }
  });

  test('change along the genome', () => {
    const trees = new AncestralTrees(new Random(1, 'moving'));
    const here = Array.from({ length: 200 }, () => trees.mutate());
    trees.advance(2_000_000);
    const there = Array.from({ length: 200 }, () => trees.mutate());
    const crossing = here.filter((a) =>
      there.some((b) => a.low < b.low && b.low < a.high && a.high < b.high),
    );
    expect(crossing.length).toBeGreaterThan(20);
  });
});

describe('descent from the ancestors', () => {
  test.each([0.002, 0.014])('spreads frequencies as Balding and Nichols have it, with F = %d', (drift) => {
    const clade = 150;
    const p = clade / ANCESTORS;
    const frequencies = Array.from({ length: 400 }, (_, country) => {
      const descent = new Descent(new Random(country, 'descent'), drift);
      const random = new Random(country, 'people');
      let carriers = 0;
      for (let copy = 0; copy < 4_000; copy++) if (descent.draw(random) < clade) carriers += 1;
      return carriers / 4_000;
    });
    const mean = frequencies.reduce((sum, value) => sum + value, 0) / frequencies.length;
    const variance = frequencies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / frequencies.length;
    expect(Math.abs(mean - p)).toBeLessThan(5 * Math.sqrt((drift * p * (1 - p)) / 400));
    const sampling = (p * (1 - p)) / 4_000;
    expect((variance - sampling) / (p * (1 - p)) / drift).toBeGreaterThan(0.7);
    expect((variance - sampling) / (p * (1 - p)) / drift).toBeLessThan(1.35);
  });
});
