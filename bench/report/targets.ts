import type { PartResult } from '../parts/part.ts';
import { BCF_SITE, STORE_SITE, VCF_SITE } from '../parts/point.ts';
import { BCFTOOLS_VIEW, FILL_TAGS, PLINK_FREQ, PLINK_IMPORT } from '../programs/peers.ts';
import { STORE_FREQUENCIES, STORE_INGEST, STORE_KEPT } from '../programs/store.ts';
import { median } from '../run/measure.ts';

/** The parts of a run by name. */
export type Results = ReadonlyMap<string, PartResult>;

/** A promise of the genotype store and how it is measured. */
export interface Target {
  readonly what: string;
  readonly against: string;
  /** `times`: how many times better than the peer, at least; the others: at most. */
  readonly unit: '×' | 'of the peer' | 'µs' | 'ms' | 'MB';
  readonly target: number;
  /** `undefined` where the part was not run. */
  readonly measured: number | undefined;
  /** How often the slower side was run. */
  readonly note?: string;
}

const GENE_SITES = 17_000;
const SIZES = ['10k', '100k', '1m'] as const;
const PEOPLE: Readonly<Record<string, string>> = { '10k': '10,000', '100k': '100,000', '1m': '1,000,000' };

/** Every row of "what must show", with what the results say. */
export function targetsOf(results: Results): readonly Target[] {
  const imports = { '10k': 3, '100k': 6, '1m': 7 } as const;
  return [
    ...SIZES.map((size) =>
      ratio(results, size, STORE_INGEST, PLINK_IMPORT, imports[size], `ingest, ${PEOPLE[size]} people`),
    ),
    ratio(results, '10k-rich', STORE_INGEST, PLINK_IMPORT, 1.5, 'ingest of GT:AD:DP:GQ'),
    ...SIZES.map((size) =>
      ratio(results, size, STORE_INGEST, BCFTOOLS_VIEW, 9, `ingest, ${PEOPLE[size]} people`),
    ),
    ...SIZES.map((size) =>
      ratio(
        results,
        size,
        STORE_FREQUENCIES,
        FILL_TAGS,
        100,
        `counts in 5 populations, ${PEOPLE[size]} people`,
      ),
    ),
    ...SIZES.map((size) =>
      ratio(
        results,
        size,
        STORE_FREQUENCIES,
        PLINK_FREQ,
        2,
        `counts in 5 populations, ${PEOPLE[size]} people`,
      ),
    ),
    ...SIZES.map((size) =>
      ratio(
        results,
        size,
        STORE_KEPT,
        PLINK_FREQ,
        2,
        `the same, of counts that a node keeps, ${PEOPLE[size]} people`,
      ),
    ),
    ...SIZES.map((size) => sizeOf(results, size)),
    ratio(results, 'point', STORE_SITE, BCF_SITE, 100, 'one site, a process that starts for it'),
    ratio(results, 'point', STORE_SITE, VCF_SITE, 100, 'one site, a process that starts for it'),
    latency(results, 'point', 'one site', 'p99Us', 1_000, 'one site in the server, 99 of 100'),
    latency(results, 'cohort', 'cohort, common', 'p50Us', 200, 'cohort of 200,000, common variant'),
    latency(results, 'cohort', 'cohort, rare', 'p50Us', 10, 'cohort of 200,000, rare variant'),
    gene(results),
    peak(results),
  ];
}

/** Whether a target is met; `undefined` where it was not measured. */
export function isMet({ unit, target, measured }: Target): boolean | undefined {
  if (measured === undefined) return undefined;
  return unit === '×' ? measured >= target : measured <= target;
}

/** How many times better than the target: at 1 it is just met. */
export function margin({ unit, target, measured }: Target): number | undefined {
  if (measured === undefined) return undefined;
  return unit === '×' ? measured / target : target / measured;
}

/** CPU time of a peer's task as a multiple of the store's; without the programs' empty starts where they are given. */
export function cpuRatio(
  result: PartResult | undefined,
  ours: string,
  theirs: string,
  starts: readonly [number, number] = [0, 0],
): number | undefined {
  const [own, peer] = [result?.tasks[ours], result?.tasks[theirs]];
  if (own === undefined || peer === undefined || own.length === 0 || peer.length === 0) return undefined;
  // Below a millisecond the clock says nothing.
  const cpu = Math.max(median(own).cpuSeconds - starts[0], 0.001);
  return Math.max(median(peer).cpuSeconds - starts[1], 0.001) / cpu;
}

function ratio(
  results: Results,
  part: string,
  ours: string,
  theirs: string,
  target: number,
  what: string,
): Target {
  const result = results.get(part);
  const runs = result?.tasks[theirs]?.length ?? 0;
  return {
    what,
    against: theirs,
    unit: '×',
    target,
    measured: cpuRatio(result, ours, theirs),
    ...(runs === 1 && { note: 'the peer once' }),
  };
}

function sizeOf(results: Results, part: string): Target {
  const { store, '.pgen': pgen, '.pvar': pvar } = results.get(part)?.bytes ?? {};
  const known = store !== undefined && pgen !== undefined && pvar !== undefined;
  return {
    what: `size, ${PEOPLE[part]} people`,
    against: '.pgen + .pvar',
    unit: 'of the peer',
    target: 0.7,
    measured: known ? store / (pgen + pvar) : undefined,
  };
}

function latency(
  results: Results,
  part: string,
  name: string,
  quantile: 'p50Us' | 'p99Us',
  target: number,
  what: string,
): Target {
  const measured = results.get(part)?.latencies[name]?.[quantile];
  return { what: `${what}, 1,000,000 people`, against: '', unit: 'µs', target, measured };
}

function gene(results: Results): Target {
  const result = results.get('gene');
  const sites = result?.study?.sites ?? GENE_SITES;
  const us = result?.latencies['gene, warm']?.p50Us;
  return {
    what: `cohort of 200,000, all ${sites.toLocaleString('en')} sites of a gene, 1,000,000 people`,
    against: '',
    unit: 'ms',
    target: (200 * sites) / GENE_SITES,
    measured: us === undefined ? undefined : us / 1_000,
  };
}

function peak(results: Results): Target {
  const runs = results.get('1m')?.tasks[STORE_INGEST];
  const peaks = runs?.map(({ peakMegabytes }) => peakMegabytes);
  return {
    what: 'resident memory of ingest, 1,000,000 people',
    against: '',
    unit: 'MB',
    target: 1_024,
    measured: peaks === undefined ? undefined : Math.max(...peaks),
  };
}
