import type { StudyShape } from './study.ts';

const LARGE = { singletons: 0.46, common: 0.045 };
const PLAIN = { format: 'GT', phased: true, missing: 0, multiallelic: 0, seed: 1 } as const;

const TEN_THOUSAND: StudyShape = {
  ...PLAIN,
  people: 10_000,
  sites: 50_000,
  spacingBp: 20,
  spectrum: { singletons: 0.46, common: 0.11 },
};
const MILLION: StudyShape = { ...PLAIN, people: 1_000_000, sites: 2_000, spacingBp: 3, spectrum: LARGE };

/** The studies of the protocol (docs/benchmarks.md), by name. */
export const STUDIES: Readonly<Record<string, StudyShape>> = {
  '10k': TEN_THOUSAND,
  '100k': { ...PLAIN, people: 100_000, sites: 20_000, spacingBp: 6, spectrum: LARGE },
  '1m': MILLION,
  '1m-common': { ...MILLION, sites: 200, spacingBp: 60, spectrum: { singletons: 0, common: 1 } },
  '10k-rich': { ...TEN_THOUSAND, sites: 5_000, format: 'GT:AD:DP:GQ' },
};
