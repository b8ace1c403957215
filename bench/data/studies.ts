import type { StudyShape } from './study.ts';

export const EDITIONS = ['small', 'full'] as const;
/** The full edition is the protocol; the small one has the same people and a twentieth of the sites or so. */
export type Edition = (typeof EDITIONS)[number];

export const STUDY_NAMES = [
  ...['10k', '100k', '1m', '1m-common', '1m-gene'],
  ...['10k-rich', '10k-unphased', '10k-multiallelic', '10k-missing-0.1', '10k-missing-1'],
] as const;
export type StudyName = (typeof STUDY_NAMES)[number];

const LARGE = { singletons: 0.46, common: 0.045 };
const PLAIN = { format: 'GT', phased: true, missing: 0, multiallelic: 0, seed: 1 } as const;
const SMALLER = { singletons: 0.46, common: 0.11 };
const TEN_THOUSAND = { ...PLAIN, people: 10_000, spacingBp: 20, spectrum: SMALLER };
const MILLION = { ...PLAIN, people: 1_000_000, spacingBp: 3, spectrum: LARGE };

/** A study of the protocol (docs/benchmarks.md). */
export function studyOf(name: StudyName, edition: Edition): StudyShape {
  const sites = (full: number, small: number): { readonly sites: number } => ({
    sites: edition === 'full' ? full : small,
  });
  const variant = { ...TEN_THOUSAND, ...sites(10_000, 1_000) };
  switch (name) {
    case '10k':
      return { ...TEN_THOUSAND, ...sites(50_000, 4_000) };
    case '100k':
      return { ...PLAIN, people: 100_000, spacingBp: 6, spectrum: LARGE, ...sites(20_000, 600) };
    case '1m':
      return { ...MILLION, ...sites(2_000, 80) };
    case '1m-common':
      return { ...MILLION, spacingBp: 60, spectrum: { singletons: 0, common: 1 }, ...sites(200, 16) };
    case '1m-gene':
      return { ...MILLION, ...sites(17_000, 170) };
    case '10k-rich':
      return { ...TEN_THOUSAND, format: 'GT:AD:DP:GQ', ...sites(5_000, 500) };
    case '10k-unphased':
      return { ...variant, phased: false };
    case '10k-multiallelic':
      return { ...variant, multiallelic: 0.1 };
    case '10k-missing-0.1':
      return { ...variant, missing: 0.001 };
    case '10k-missing-1':
      return { ...variant, missing: 0.01 };
  }
}
