/** A disease without a planted cause. */
export interface CommonDisease {
  readonly term: string;
  /** Lifetime prevalence by sex. */
  readonly female: number;
  readonly male: number;
  /** Years of age at onset, at least and at most. */
  readonly onset: readonly [number, number];
  /** Factors on the prevalence of whoever has that term already. */
  readonly afterwards: Readonly<Record<string, number>>;
}

type Row = readonly [
  term: string,
  female: number,
  male: number,
  from: number,
  to: number,
  afterwards?: Readonly<Record<string, number>>,
];

// In causal order: comorbidities look back at what stands above.
const ROWS: readonly Row[] = [
  ['HP:0001250', 0.012, 0.013, 1, 70],
  ['HP:0007359', 0.004, 0.004, 2, 60, { 'HP:0001250': 25 }],
  ['HP:0001249', 0.008, 0.012, 1, 6, { 'HP:0001250': 5 }],
  ['HP:0002099', 0.09, 0.08, 2, 40],
  ['HP:0003193', 0.14, 0.13, 4, 40, { 'HP:0002099': 2.5 }],
  ['HP:0000964', 0.07, 0.05, 1, 30, { 'HP:0002099': 2 }],
  ['HP:0002076', 0.17, 0.07, 12, 50],
  ['HP:0000739', 0.11, 0.06, 15, 60],
  ['HP:0000716', 0.13, 0.08, 16, 70, { 'HP:0000739': 3, 'HP:0012532': 1.5 }],
  ['HP:0000821', 0.08, 0.02, 20, 75],
  ['HP:0002608', 0.012, 0.008, 2, 60],
  ['HP:0003765', 0.025, 0.025, 15, 60],
  ['HP:0001370', 0.013, 0.006, 30, 75],
  ['HP:0001513', 0.22, 0.22, 15, 65],
  ['HP:0005978', 0.11, 0.14, 35, 80, { 'HP:0001513': 2.6 }],
  ['HP:0000822', 0.38, 0.42, 35, 80, { 'HP:0001513': 1.5, 'HP:0005978': 1.5 }],
  ['HP:0003124', 0.17, 0.17, 30, 75],
  ['HP:0001677', 0.07, 0.13, 45, 85, { 'HP:0000822': 1.5, 'HP:0005978': 1.6, 'HP:0003124': 1.8 }],
  ['HP:0001658', 0.025, 0.05, 45, 85, { 'HP:0001677': 4 }],
  ['HP:0005110', 0.06, 0.08, 50, 90, { 'HP:0000822': 1.6 }],
  ['HP:0001635', 0.04, 0.05, 55, 90, { 'HP:0001658': 3, 'HP:0005110': 2 }],
  ['HP:0004936', 0.012, 0.012, 30, 80],
  ['HP:0000787', 0.05, 0.08, 25, 70],
  ['HP:0001081', 0.12, 0.06, 30, 75, { 'HP:0001513': 1.8 }],
  ['HP:0000083', 0.05, 0.05, 50, 90, { 'HP:0005978': 2, 'HP:0000822': 1.5 }],
  ['HP:0000939', 0.15, 0.04, 55, 90],
  ['HP:0003002', 0.07, 0.0008, 40, 85],
  ['HP:0012125', 0, 0.08, 50, 85],
  ['HP:0003003', 0.025, 0.03, 45, 85],
  ['HP:0002861', 0.015, 0.015, 30, 80],
  ['HP:0100526', 0.02, 0.035, 50, 85],
  ['HP:0000365', 0.12, 0.16, 50, 90],
  ['HP:0000518', 0.22, 0.2, 55, 90, { 'HP:0005978': 1.5 }],
  ['HP:0000608', 0.05, 0.04, 60, 92],
  ['HP:0001300', 0.012, 0.018, 55, 88],
  ['HP:0002511', 0.05, 0.035, 65, 95],
];

export const COMMON_DISEASES: readonly CommonDisease[] = ROWS.map(
  ([term, female, male, from, to, afterwards]) => ({
    term,
    female,
    male,
    onset: [from, to],
    afterwards: afterwards ?? {},
  }),
);
