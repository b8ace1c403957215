import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frequency, type Row, readRows } from './files/written-rows.ts';
import { type SimulatedPopulation, simulatePopulation } from './simulate-population.ts';

describe('the genetics of populations', () => {
  let wide: SimulatedPopulation;
  const wideRows = new Map<string, readonly Row[]>();
  const codes = ['EE', 'ES', 'FI', 'IT', 'LU'];

  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'federome-genetics-'));
    wide = await simulatePopulation(join(root, 'out'), { seed: 3, peoplePerCountry: 300, variants: 12_000 });
    for (const each of wide.countries)
      wideRows.set(each.country.code, each.genotypes.files.flatMap(readRows));
  });

  afterAll(() => rm(root, { recursive: true }));

  test('about half of the variants of the network were seen once', () => {
    const counts = new Map<string, number>();
    for (const code of codes) {
      for (const row of wideRows.get(code)!) {
        const [ac] = /^AC=([^;]*)/.exec(row.info)!.slice(1);
        for (const [index, count] of ac!.split(',').entries()) {
          const key = `${row.contig}:${row.position}:${row.ref}:${row.alts[index]}`;
          counts.set(key, (counts.get(key) ?? 0) + Number(count));
        }
      }
    }
    const all = [...counts.values()];
    const share = (low: number, high: number): number =>
      all.filter((count) => count >= low && count <= high).length / all.length;
    expect(share(1, 1)).toBeGreaterThan(0.42);
    expect(share(1, 1)).toBeLessThan(0.54);
    expect(share(2, 2)).toBeLessThan(share(1, 1) / 2);
    const [rare, middle] = [share(30, 59), share(600, 1199)];
    expect(rare).toBeGreaterThan(middle);
  });

  test('Finland drifted furthest, and keeps fewer rare variants', () => {
    const common = (code: string): ReadonlyMap<string, number> =>
      new Map(
        wideRows
          .get(code)!
          .filter(
            (row) => row.alts.length === 1 && row.id === '.' && row.contig !== 'X' && row.contig !== 'M',
          )
          .map((row) => [`${row.contig}:${row.position}`, frequency(row)]),
      );
    const fst = (a: string, b: string): number => {
      const [left, right] = [common(a), common(b)];
      let between = 0;
      let within = 0;
      for (const [site, p] of left) {
        const q = right.get(site);
        if (q === undefined || (p + q) / 2 < 0.05) continue;
        // Hudson's estimator, as a ratio of averages (Bhatia et al. 2013).
        const n = 2 * 300;
        between += (p - q) ** 2 - (p * (1 - p)) / (n - 1) - (q * (1 - q)) / (n - 1);
        within += p * (1 - q) + q * (1 - p);
      }
      return between / within;
    };
    const [finland, estonia, italy] = [fst('FI', 'ES'), fst('EE', 'ES'), fst('IT', 'ES')];
    expect(finland).toBeGreaterThan(1.5 * estonia);
    expect(finland).toBeGreaterThan(0.004);
    expect(finland).toBeLessThan(0.02);
    expect(italy).toBeLessThan(finland / 2);
    const truth = (code: string) => wide.countries.find((each) => each.country.code === code)!.truth;
    expect(truth('FI').singletons).toBeLessThan(0.6 * truth('ES').singletons);
  });

  test('linkage disequilibrium decays with distance', () => {
    const sites = wideRows
      .get('ES')!
      .filter((row) => row.contig !== 'X' && row.contig !== 'M' && row.alts.length === 1)
      .filter((row) => frequency(row) > 0.1 && frequency(row) < 0.9)
      .map((row) => ({ ...row, copies: row.genotypes.flatMap((each) => each.split(/[|/]/).map(Number)) }));
    const mean = (nearestBp: number, furthestBp: number): number => {
      const values: number[] = [];
      for (const [index, left] of sites.entries()) {
        for (const right of sites.slice(index + 1, index + 40)) {
          const distanceBp = right.position - left.position;
          if (right.contig !== left.contig || distanceBp < nearestBp || distanceBp >= furthestBp) continue;
          values.push(squaredCorrelation(left.copies, right.copies));
        }
      }
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const [near, middle, far] = [mean(0, 4_000), mean(20_000, 40_000), mean(120_000, 400_000)];
    expect(near).toBeGreaterThan(1.5 * middle);
    expect(middle).toBeGreaterThan(1.5 * far);
    expect(far).toBeLessThan(0.03);
  });

  test('carriers of a planted variant are alike next to it: it happened in one ancestor', () => {
    const heterozygosity = (of: readonly string[]): number => {
      const share = of.filter((allele) => allele === '1').length / of.length;
      return share * (1 - share);
    };
    const copies = (row: Row): readonly string[] => row.genotypes.flatMap((each) => each.split(/[|/]/));
    let [among, overall] = [0, 0];
    for (const row of codes.flatMap((code) =>
      wideRows
        .get(code)!
        .filter(({ id }) => id !== '.')
        .map((each) => ({ code, ...each })),
    )) {
      if (row.contig === 'X') continue;
      const carriers = copies(row).flatMap((allele, index) => (allele === '1' ? [index] : []));
      if (carriers.length < 5 || frequency(row) > 0.1) continue;
      for (const other of wideRows.get(row.code)!) {
        const near = other.contig === row.contig && Math.abs(other.position - row.position) < 10_000;
        if (!near || other.id !== '.' || frequency(other) < 0.05 || frequency(other) > 0.95) continue;
        const alleles = copies(other);
        among += heterozygosity(carriers.map((index) => alleles[index]!));
        overall += heterozygosity(alleles);
      }
    }
    expect(overall).toBeGreaterThan(2);
    expect(among).toBeLessThan(0.5 * overall);
  });

  function squaredCorrelation(a: readonly number[], b: readonly number[]): number {
    let [n, sumA, sumB, both] = [0, 0, 0, 0];
    for (const [index, x] of a.entries()) {
      const y = b[index]!;
      if (Number.isNaN(x) || Number.isNaN(y)) continue;
      n += 1;
      sumA += x;
      sumB += y;
      both += x * y;
    }
    const [p, q] = [sumA / n, sumB / n];
    return (both / n - p * q) ** 2 / (p * (1 - p) * q * (1 - q));
  }
});
