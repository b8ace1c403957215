import { POPULATIONS } from '../data/study.ts';
import { LIMIT, START } from '../parts/limits.ts';
import type { PartResult } from '../parts/part.ts';
import { BCF_SITE, STORE_SITE, VCF_SITE } from '../parts/point.ts';
import { QUESTIONS } from '../parts/sealed.ts';
import { BCFTOOLS_VIEW, FILL_TAGS, PLINK_FREQ, PLINK_IMPORT } from '../programs/peers.ts';
import { STORE_FREQUENCIES, STORE_INGEST, STORE_KEEP, STORE_KEPT } from '../programs/store.ts';
import { median } from '../run/measure.ts';
import { measuredOf, wantedOf } from './plot.ts';
import { cpuRatio, isMet, type Results, type Target, targetsOf } from './targets.ts';

const STUDIES = [
  ...[
    '10k',
    '100k',
    '1m',
    '10k-rich',
    '10k-unphased',
    '10k-multiallelic',
    '10k-missing-0.1',
    '10k-missing-1',
  ],
];

/** What stands above the tables, and does not depend on a run. */
export interface Preface {
  readonly machine: string;
  readonly edition: string;
  readonly commit: string;
}

/** `docs/benchmarks.md`, without the part that people write. */
export function reportOf(results: Results, { machine, edition, commit }: Preface): string {
  const targets = targetsOf(results);
  const limits = results.get('limits');
  const starts =
    "CPU time of the peer as a multiple of the store's; in brackets without the start of either program (an empty Node, `--version` of the peer).";
  const sections: readonly (readonly [string, ...string[]])[] = [
    ['Targets', targetTable(targets), '![How many times better than each target](benchmarks.svg)'],
    ['Every comparison', comparisonTable(results, limits), starts],
    ['Bytes', bytesTable(results)],
    ['In a process that stays', latencyTable(results)],
    ['Encrypted', encryptedTable(results.get('encrypted'))],
    ["Shares of the machine's limits", limitsTable(limits), sharesTable(results, limits)],
  ];
  const written = sections
    .filter(([, body]) => body !== '')
    .map(([title, ...bodies]) => [`## ${title}`, ...bodies.filter((body) => body !== '')].join('\n\n'));
  return `${[`Measured at ${commit}, ${edition} edition: ${machine}.`, ...written].join('\n\n')}\n`;
}

/** The rows of "what must show". */
export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => {
    const met = isMet(target);
    const verdict = met === undefined ? '' : met ? 'met' : '**not met**';
    const note = target.note === undefined ? '' : ` (${target.note})`;
    return [target.what, target.against, wantedOf(target), `${measuredOf(target)}${note}`, verdict];
  });
  return table(['what', 'against', 'target', 'measured', ''], rows);
}

function comparisonTable(results: Results, limits: PartResult | undefined): string {
  const starts = (peer: 'bcftools' | 'plink2'): readonly [number, number] => [
    limits?.limits[START.node] ?? 0,
    limits?.limits[START[peer]] ?? 0,
  ];
  const cell = (result: PartResult, ours: string, theirs: string, peer: 'bcftools' | 'plink2'): string => {
    const ratio = cpuRatio(result, ours, theirs);
    const without = cpuRatio(result, ours, theirs, starts(peer));
    return ratio === undefined || without === undefined ? '' : `${times(ratio)} (${times(without)})`;
  };
  const rows = STUDIES.flatMap((name) => {
    const result = results.get(name);
    if (result === undefined) return [];
    return [
      [
        name,
        cell(result, STORE_INGEST, PLINK_IMPORT, 'plink2'),
        cell(result, STORE_INGEST, BCFTOOLS_VIEW, 'bcftools'),
        cell(result, STORE_FREQUENCIES, PLINK_FREQ, 'plink2'),
        cell(result, STORE_KEPT, PLINK_FREQ, 'plink2'),
        cell(result, STORE_FREQUENCIES, FILL_TAGS, 'bcftools'),
        keepShare(result),
        ...[STORE_INGEST, PLINK_IMPORT, BCFTOOLS_VIEW].map((task) => peakOf(result, task)),
      ],
    ];
  });
  const point = results.get('point');
  const site =
    point === undefined
      ? ''
      : `\n\nOne site of 1,000,000 people from a process that starts for it, the files in the page cache: BCF ${cell(point, STORE_SITE, BCF_SITE, 'bcftools')}, vcf.gz ${cell(point, STORE_SITE, VCF_SITE, 'bcftools')}.`;
  const head = [
    'study',
    code(PLINK_IMPORT),
    code(BCFTOOLS_VIEW),
    code(PLINK_FREQ),
    `${code(PLINK_FREQ)}, kept counts`,
  ];
  return `${table([...head, code(FILL_TAGS), 'keeping counts, of ingest', 'MB resident: ingest', 'plink2', 'bcftools'], rows)}${site}`;
}

function bytesTable(results: Results): string {
  const rows = STUDIES.flatMap((name) => {
    const result = results.get(name);
    const bytes = result?.bytes;
    if (bytes?.store === undefined || result?.study === undefined) return [];
    const peer = (...parts: readonly string[]): string => {
      const sum = parts.reduce((all, part) => all + (bytes[part] ?? 0), 0);
      return `${(sum / 1e6).toFixed(2)} (${(bytes.store! / sum).toFixed(2)})`;
    };
    const megabytes = (name: string): string => ((bytes[name] ?? 0) / 1e6).toFixed(2);
    const perSite = (bytes.store / result.study.sites).toFixed(0);
    return [
      [
        name,
        megabytes('store'),
        megabytes('names of people in the store'),
        megabytes('store with the counts it keeps'),
        perSite,
        peer('.pgen', '.pvar'),
        peer('BCF'),
        peer('vcf.gz'),
      ],
    ];
  });
  return table(
    [
      'study',
      'store, MB',
      'of it people',
      'with counts of 5 populations',
      'bytes a site',
      '.pgen + .pvar, MB (store / it)',
      'BCF',
      'vcf.gz',
    ],
    rows,
  );
}

function latencyTable(results: Results): string {
  const rows = ['point', 'cohort', 'gene'].flatMap((part) =>
    Object.entries(results.get(part)?.latencies ?? {}).map(([what, { p50Us, p99Us, maxUs, answers }]) => [
      what,
      ...[p50Us, p99Us, maxUs].map((us) => us.toFixed(us < 100 ? 1 : 0)),
      answers.toLocaleString('en'),
    ]),
  );
  return table(['question, 1,000,000 people', 'median µs', '99 of 100', 'slowest', 'answers'], rows);
}

/** What encryption costs, as a multiple of the plain store. */
function encryptedTable(result: PartResult | undefined): string {
  if (result === undefined) return '';
  const rows = QUESTIONS.flatMap((question) => {
    const ratio = cpuRatio(result, `plain: ${question}`, `encrypted: ${question}`);
    return ratio === undefined ? [] : [[question, times(ratio)]];
  });
  const bytes = (result.bytes.encrypted ?? 0) / (result.bytes.plain ?? 1);
  return table(['100,000 people', 'encrypted, against plain'], [...rows, ['bytes', `${bytes.toFixed(3)} ×`]]);
}

function limitsTable(result: PartResult | undefined): string {
  const rows = Object.values(LIMIT).flatMap((name) => {
    const value = result?.limits[name];
    return value === undefined ? [] : [[name, `${value.toFixed(2)} GB/s`]];
  });
  return rows.length === 0 ? '' : table(['limit of this machine, measured in the same run', ''], rows);
}

/** Ingest beside inflating alone, and counting beside the population count of every haplotype's bit for every cohort. */
function sharesTable(results: Results, limits: PartResult | undefined): string {
  const rows = STUDIES.flatMap((name) => {
    const result = results.get(name);
    const inflate = limits?.limits[name === '10k-rich' ? LIMIT.inflateRich : LIMIT.inflate];
    const popcount = limits?.limits[LIMIT.popcount];
    const [ingest, counts] = [result?.tasks[STORE_INGEST], result?.tasks[STORE_FREQUENCIES]];
    if (!result?.study || !inflate || !popcount || !ingest || !counts) return [];
    const { people, sites, textBytes } = result.study;
    const text = textBytes / median(ingest).cpuSeconds / 1e9;
    const bits = (POPULATIONS.length * ((2 * people) / 8) * sites) / median(counts).cpuSeconds / 1e9;
    return [
      [
        name,
        `${text.toFixed(2)} GB/s`,
        percent(text / inflate),
        `${bits.toFixed(2)} GB/s`,
        percent(bits / popcount),
      ],
    ];
  });
  const head = [
    'study',
    'text a CPU second of ingest',
    'of inflating',
    'bitmaps a CPU second of counts',
    'of counting bits',
  ];
  return table(head, rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** What keeping the counts of five populations costs, as a share of ingest. */
function keepShare(result: PartResult): string {
  const ratio = cpuRatio(result, STORE_INGEST, STORE_KEEP);
  return ratio === undefined ? '' : percent(ratio);
}

function peakOf(result: PartResult, task: string): string {
  const peaks = result.tasks[task]?.map(({ peakMegabytes }) => peakMegabytes) ?? [];
  return peaks.length === 0 ? '' : Math.max(...peaks).toFixed(0);
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio >= 100 ? 0 : ratio >= 10 ? 1 : 2)} ×`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function code(name: string): string {
  return `\`${name}\``;
}
