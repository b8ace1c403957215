import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GenotypeColumns, RichColumns, type Row } from './rows.ts';
import { POPULATIONS, populationsOf, type StudyShape, type StudySite, sitesOf } from './study.ts';
import { countAllele, readTruth, TruthWriter } from './truth.ts';

const SHAPE: StudyShape = {
  people: 2_000,
  sites: 3_000,
  spacingBp: 20,
  spectrum: { singletons: 0.46, common: 0.1 },
  format: 'GT',
  phased: true,
  missing: 0,
  multiallelic: 0,
  seed: 7,
};

/** Copies of a site that stay when the generator goes on. */
function kept(shape: StudyShape): StudySite[] {
  const populations = populationsOf(shape.people, shape.seed);
  return Array.from(sitesOf(shape, populations), (site) => ({
    ...site,
    alleles: site.alleles.slice(),
    carriers: site.carriers.slice(),
  }));
}

let sites: readonly StudySite[];
beforeAll(() => {
  sites = kept(SHAPE);
});

test('a study is the same whenever it is made from the same seed, and another from another', () => {
  const again = kept(SHAPE);
  expect(again.map(({ pos, ref, alts }) => [pos, ref, alts])).toEqual(
    sites.map(({ pos, ref, alts }) => [pos, ref, alts]),
  );
  expect(again.every((site, index) => Buffer.compare(site.alleles, sites[index]!.alleles) === 0)).toBe(true);
  expect(kept({ ...SHAPE, sites: 50, seed: 8 }).map(({ pos }) => pos)).not.toEqual(
    sites.slice(0, 50).map(({ pos }) => pos),
  );
});

test('about half of the alleles are singletons and a tenth are common', () => {
  const copies = sites.map(({ carriers }) => carriers.length);
  const share = (matches: (count: number) => boolean): number =>
    copies.filter(matches).length / copies.length;
  expect(share((count) => count === 1)).toBeGreaterThan(0.43);
  expect(share((count) => count === 1)).toBeLessThan(0.49);
  expect(share((count) => count >= 4)).toBeGreaterThan(0.1);
  expect(share((count) => count >= 200)).toBeGreaterThan(0.02);
  expect(share((count) => count >= 200)).toBeLessThan(0.1);
  expect(copies.every((count) => count > 0)).toBe(true);
});

test('sites ascend at about the distance asked for', () => {
  const gaps = sites.slice(1).map(({ pos }, index) => pos - sites[index]!.pos);
  expect(Math.min(...gaps)).toBeGreaterThan(0);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  expect(mean).toBeGreaterThan(18);
  expect(mean).toBeLessThan(22);
});

test('linkage of common sites decays with their distance', () => {
  const shape = { ...SHAPE, sites: 400, spacingBp: 1_000, spectrum: { singletons: 0, common: 1 } };
  const common = kept(shape).filter(({ carriers }) => carriers.length > 400 && carriers.length < 3_600);
  const meanOf = (from: number, to: number): number => {
    const values: number[] = [];
    for (const [index, a] of common.entries()) {
      for (const b of common.slice(index + 1)) {
        const distance = b.pos - a.pos;
        if (distance >= from && distance < to) values.push(correlation(a, b));
      }
    }
    expect(values.length).toBeGreaterThan(10);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const [near, middle, far] = [meanOf(0, 5_000), meanOf(20_000, 60_000), meanOf(150_000, 400_000)];
  expect(near).toBeGreaterThan(1.5 * middle);
  expect(middle).toBeGreaterThan(1.5 * far);
});

/** Squared correlation of two sites over haplotypes. */
function correlation(a: StudySite, b: StudySite): number {
  const haplotypes = a.alleles.length;
  const [p, q] = [a.carriers.length / haplotypes, b.carriers.length / haplotypes];
  const both = a.carriers.filter((haplotype) => b.alleles[haplotype] === 1).length / haplotypes;
  return (both - p * q) ** 2 / (p * (1 - p) * q * (1 - q));
}

test('populations differ in the frequencies of common alleles, by an F of about one in a hundred', () => {
  const populations = populationsOf(SHAPE.people, SHAPE.seed);
  const sizes = sizesOf(populations);
  const spread = sites.flatMap((site) => {
    const counts = countAllele(site, 1, populations, sizes);
    const shares = POPULATIONS.map((_, index) => counts[4 * index]! / counts[4 * index + 1]!);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    if (mean < 0.1 || mean > 0.9) return [];
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (shares.length - 1);
    return [variance / (mean * (1 - mean))];
  });
  const f = spread.reduce((sum, own) => sum + own, 0) / spread.length;
  expect(f).toBeGreaterThan(0.003);
  expect(f).toBeLessThan(0.03);
});

test('missing calls and second alleles come as often as asked for', () => {
  const some = kept({ ...SHAPE, sites: 500, missing: 0.01, multiallelic: 0.2 });
  const missing = some.reduce((sum, site) => sum + site.missing.length, 0) / (500 * SHAPE.people);
  expect(missing).toBeGreaterThan(0.009);
  expect(missing).toBeLessThan(0.011);
  const two = some.filter(({ alts }) => alts.length === 2);
  expect(two.length).toBeGreaterThan(60);
  expect(two.length).toBeLessThan(140);
  expect(two.every(({ alleles }) => alleles.includes(1) && alleles.includes(2))).toBe(true);
});

const ROW: Row = {
  alleles: Uint8Array.of(0, 0, 1, 0, 2, 1, 1, 1),
  carriers: Int32Array.of(4, 2, 5, 6, 7),
  missing: [3],
};

test('a row of genotypes has the alleles of everyone, lower first where there is no phase', () => {
  const text = (phased: boolean): string => {
    const into = Buffer.alloc(64);
    return into.toString('latin1', 0, new GenotypeColumns(4, phased).write(ROW, into, 0));
  };
  expect(text(true)).toBe('0|0\t1|0\t2|1\t./.\n');
  expect(text(false)).toBe('0/0\t0/1\t1/2\t./.\n');
});

test('reads of a rich row add up to its depth', () => {
  const columns = new RichColumns(3, true, 1);
  const into = Buffer.alloc(columns.maxBytes);
  const row = { alleles: Uint8Array.of(0, 1, 1, 1, 0, 0), carriers: Int32Array.of(1, 2, 3), missing: [2] };
  const cells = into
    .toString('latin1', 0, columns.write(row, into, 0))
    .trimEnd()
    .split('\t');
  expect(cells.map((cell) => cell.slice(0, 3))).toEqual(['0|1', '1|1', './.']);
  for (const cell of cells.slice(0, 2)) {
    const [, reads, depth, quality] = cell.split(':');
    const [ref, alt] = reads!.split(',').map(Number);
    expect(ref! + alt!).toBe(Number(depth));
    expect(Number(quality)).toBeLessThanOrEqual(99);
  }
});

test('the truth counts copies, called alleles, homozygotes and missing people of each population', () => {
  const populations = Uint8Array.of(0, 1, 1, 0);
  const counts = countAllele(ROW, 1, populations, Uint32Array.of(2, 2));
  expect([...counts]).toEqual([0, 2, 0, 1, 2, 4, 0, 0]);
  expect([...countAllele({ ...ROW, missing: [] }, 1, populations, Uint32Array.of(2, 2))]).toEqual([
    ...[2, 4, 1, 0],
    ...[2, 4, 0, 0],
  ]);
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'federome-bench-test-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('the truth reads back as it was written', async () => {
  const path = join(directory, 'truth.gz');
  const rows = [
    { pos: 5, ref: 'A', alt: 'AT', counts: Uint32Array.of(1, 2, 3, 4) },
    { pos: 9, ref: 'C', alt: 'G', counts: Uint32Array.of(5, 6, 7, 4_000_000) },
  ];
  const writer = new TruthWriter(path);
  for (const row of rows) writer.write(row);
  await writer.end();
  expect(await readTruth(path)).toEqual(rows);
  expect((await readFile(path)).readUInt16BE(0)).toBe(0x1f8b);
});

function sizesOf(populations: Uint8Array): Uint32Array {
  const sizes = new Uint32Array(POPULATIONS.length);
  for (const population of populations) sizes[population]! += 1;
  return sizes;
}
