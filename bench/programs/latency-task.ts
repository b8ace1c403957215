// How long the store takes in a process that stays: `QUESTION DIR TRUTH OUT COHORT...` writes `Latencies` as JSON.
// Every answer is held to the truth; the clock runs while the store answers, not while the answer is compared.
import { readFile, writeFile } from 'node:fs/promises';
import { PeopleSet } from '@federome/core';
import { GenotypeStore } from '@federome/genotypes';
import { readTruth, type TruthRow } from '../data/truth.ts';
import { totalOf } from '../run/check.ts';
import { type Latencies, latencyOf } from '../run/latency.ts';
import { storeOptions } from './store-options.ts';

const CONTIG = '1';
const COMMON = 0.05;
const RARE = 0.001;
const SERVED = 20_000;
const ROUNDS = 30;
const GENE_ROUNDS = 7;

const [question = '', directory = '', truthPath = '', out = '', ...paths] = process.argv.slice(2);
const truth = await readTruth(truthPath);
const store = await GenotypeStore.open(directory, await storeOptions());
const cohorts = await Promise.all(paths.map(async (path) => PeopleSet.fromBytes(await readFile(path))));
const questions: Readonly<Record<string, () => Promise<Latencies>>> = { server, cohort, gene };
const answer = questions[question];
if (answer === undefined) throw new Error(`no question ${question}`);
await writeFile(out, JSON.stringify(await answer()));

/** Counts of everyone at random sites. */
async function server(): Promise<Latencies> {
  const everyone = store.everyone();
  let state = 1;
  const us: number[] = [];
  for (let served = 0; served < SERVED; served += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const row = truth[Math.floor((state / 2 ** 32) * truth.length)]!;
    us.push(await countOnce(row, everyone, totalOf(row)));
  }
  const kept = store.storedGroups().length > 0 ? ', counts kept' : '';
  return {
    [`one site${kept}`]: latencyOf(us),
    [`one site${kept}, first of the process`]: latencyOf(us.slice(0, 1)),
  };
}

/** Counts of the first cohort at sites of each kind: as they are asked first, and after every one was asked once. */
async function cohort(): Promise<Latencies> {
  const kinds = [
    { name: 'common', from: COMMON, to: Number.POSITIVE_INFINITY },
    { name: 'of 0.1 to 5 %', from: RARE, to: COMMON },
    { name: 'rare', from: 0, to: RARE },
  ];
  const latencies: Record<string, Latencies[string]> = {};
  for (const { name, from, to } of kinds) {
    const rows = truth.filter((row) => {
      const { ac, an } = totalOf(row);
      return ac / an >= from && ac / an < to;
    });
    if (rows.length === 0) continue;
    const [first, ...warm] = await rounds(rows);
    latencies[`cohort, ${name}`] = latencyOf(warm.flat());
    latencies[`cohort, ${name}, asked first`] = latencyOf(first ?? []);
  }
  return latencies;
}

async function rounds(rows: readonly TruthRow[]): Promise<readonly (readonly number[])[]> {
  const all: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const us: number[] = [];
    for (const row of rows) us.push(await countOnce(row, cohorts[0]!, populationCounts(row, 0)));
    all.push(us);
  }
  return all;
}

/** Counts of the first cohort at every site. */
async function gene(): Promise<Latencies> {
  const interval = { contig: CONTIG, start: truth[0]!.pos - 1, end: truth.at(-1)!.pos };
  const us: number[] = [];
  for (let round = 0; round < GENE_ROUNDS; round += 1) {
    const found: number[] = [];
    const started = performance.now();
    for await (const { size, counts } of store.countBatches([cohorts[0]!], interval)) {
      for (let site = 0; site < size; site += 1) found.push(counts[0]![site]!, counts[1]![site]!);
    }
    us.push(1_000 * (performance.now() - started));
    const expected = truth.flatMap((row) => {
      const { ac, an } = populationCounts(row, 0);
      return [ac, an];
    });
    if (found.length !== expected.length || found.some((count, index) => count !== expected[index]))
      throw new Error('the gene has other counts than the truth');
  }
  return { 'gene, cold': latencyOf(us.slice(0, 1)), 'gene, warm': latencyOf(us.slice(1)) };
}

async function countOnce(
  { pos, ref, alt }: TruthRow,
  people: PeopleSet,
  expected: { readonly ac: number; readonly an: number },
): Promise<number> {
  const variant = { contig: CONTIG, position: pos - 1, ref, alt };
  const started = performance.now();
  const [counts] = await store.count(variant, [people]);
  const us = 1_000 * (performance.now() - started);
  if (counts?.ac !== expected.ac || counts.an !== expected.an)
    throw new Error(
      `${pos} ${ref}>${alt}: ${counts?.ac} of ${counts?.an}, not ${expected.ac} of ${expected.an}`,
    );
  return us;
}

function populationCounts({ counts }: TruthRow, population: number): { ac: number; an: number } {
  return { ac: counts[4 * population]!, an: counts[4 * population + 1]! };
}
