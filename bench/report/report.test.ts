import { expect, test } from 'vitest';
import type { PartResult } from '../parts/part.ts';
import { between } from './documents.ts';
import { reportOf, targetTable } from './markdown.ts';
import { plotOf } from './plot.ts';
import { cpuRatio, isMet, margin, type Results, type Target, targetsOf } from './targets.ts';

const run = (cpuSeconds: number, peakMegabytes = 100) => ({ cpuSeconds, wallSeconds: 1, peakMegabytes });

function result(part: string, findings: Partial<PartResult>): PartResult {
  const empty = { study: undefined, tasks: {}, bytes: {}, latencies: {}, limits: {}, checked: [] };
  return { part, edition: 'full', commit: 'abc', ...empty, ...findings };
}

const RESULTS: Results = new Map(
  [
    result('10k', {
      study: { people: 10_000, sites: 50_000, textBytes: 2e9 },
      tasks: {
        'store ingest': [run(1), run(9), run(2)],
        'plink2 --make-pgen': [run(8), run(8), run(80)],
        'bcftools view -Ob': [run(4)],
        'store frequencies': [run(0.1)],
        'plink2 --freq': [run(0.15)],
        'bcftools +fill-tags': [run(50)],
      },
      bytes: { store: 3e6, '.pgen': 5e6, '.pvar': 1e6, BCF: 10e6, 'vcf.gz': 12e6 },
    }),
    result('1m', { tasks: { 'store ingest': [run(1, 300), run(1, 1_100)] } }),
    result('cohort', { latencies: { 'cohort, rare': { p50Us: 7, p99Us: 30, maxUs: 99, answers: 50 } } }),
    result('gene', {
      study: { people: 1_000_000, sites: 340, textBytes: 1 },
      latencies: { 'gene, warm': { p50Us: 3_000, p99Us: 3_000, maxUs: 3_000, answers: 6 } },
    }),
    result('limits', { limits: { 'start of Node': 0.05, 'start of plink2': 0.01 } }),
  ].map((own) => [own.part, own]),
);

function target(what: RegExp, against: string): Target {
  const found = targetsOf(RESULTS).find((own) => what.test(own.what) && own.against === against);
  if (found === undefined) throw new Error(`no target ${what} against ${against}`);
  return found;
}

test('a ratio is the median CPU time of the peer over that of the store', () => {
  const ingest = target(/^ingest, 10,000/, 'plink2 --make-pgen');
  expect(ingest).toMatchObject({ measured: 4, target: 3 });
  expect(isMet(ingest)).toBe(true);
  expect(margin(ingest)).toBeCloseTo(4 / 3);
  expect(isMet(target(/^ingest, 10,000/, 'bcftools view -Ob'))).toBe(false);
});

test('a size is met from below, and a margin above one is better than asked', () => {
  const size = target(/^size, 10,000/, '.pgen + .pvar');
  expect(size.measured).toBe(0.5);
  expect(isMet(size)).toBe(true);
  expect(margin(size)).toBeCloseTo(1.4);
});

test('memory is that of the worst run', () => {
  const memory = target(/resident memory/, '');
  expect(memory.measured).toBe(1_100);
  expect(isMet(memory)).toBe(false);
});

test('the target of a gene with fewer sites is that much stricter', () => {
  const gene = target(/all 340 sites/, '');
  expect(gene.target).toBeCloseTo(4);
  expect(gene.measured).toBe(3);
});

test('what was not run is neither met nor missed, and is said so', () => {
  const missing = target(/^ingest, 100,000/, 'plink2 --make-pgen');
  expect(missing.measured).toBeUndefined();
  expect(isMet(missing)).toBeUndefined();
  expect(targetTable([missing])).toContain('| not run |  |');
});

test('the start of both programs is taken off where it is asked', () => {
  const ratio = cpuRatio(RESULTS.get('10k'), 'store frequencies', 'plink2 --freq', [0.05, 0.01]);
  expect(ratio).toBeCloseTo(0.14 / 0.05);
});

test('every row of the table of targets is there, with what was measured and whether it is met', () => {
  const rows = targetTable(targetsOf(RESULTS)).split('\n').slice(2);
  expect(rows).toHaveLength(26);
  expect(rows[0]).toBe('| ingest, 10,000 people | plink2 --make-pgen | ≥ 3 × | 4 × | met |');
  expect(rows.find((row) => row.includes('fill-tags'))).toContain('500 × (the peer once) | met');
});

test('the report has ratios with and without the starts of programs', () => {
  const text = reportOf(RESULTS, { machine: '2 cores', edition: 'full', commit: 'abc' });
  expect(text).toContain('Measured at abc, full edition: 2 cores.');
  expect(text).toContain('1.50 × (2.80 ×)');
  expect(text).toContain('| 10k | 3.00 | 0.00 | 0.00 | 60 | 6.00 (0.50) |');
});

test('the plot has a bar for every target that was measured, orange where it is short', () => {
  const targets = targetsOf(RESULTS);
  const svg = plotOf(targets);
  const measured = targets.filter((own) => own.measured !== undefined);
  expect(svg.match(/<rect /g)).toHaveLength(measured.length);
  expect(svg.match(/class="short"/g)).toHaveLength(measured.filter((own) => isMet(own) === false).length);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('a report replaces what stands between the marks of a document, and nothing else', () => {
  const [start, end] = ['<!-- benchmark: written by `npm run bench -- --write` -->', '<!-- /benchmark -->'];
  const written = between(`before\n${start}\nold\n${end}\nafter`, 'new\n');
  expect(written).toBe(`before\n${start}\n\nnew\n\n${end}\nafter`);
  expect(between(written, 'new')).toBe(written);
  expect(() => between('no marks', 'new')).toThrow('no "<!-- benchmark');
});
