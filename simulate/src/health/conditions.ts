/** How a condition follows from planted variants. */
export type Mode =
  /** One copy is enough. */
  | 'dominant'
  /** No copy of the gene without one of the variants. */
  | 'recessive'
  /** As recessive, on chromosome X: boys and men. */
  | 'x-linked'
  /** Follows from the absence of the variant: two copies without it. */
  | 'recessive-reference';

export interface Feature {
  readonly term: string;
  readonly probability: number;
}

/** A disease with a stated cause among the planted variants. */
export interface Condition {
  /** ORDO disease, or the HPO term where it is a common trait. */
  readonly term: string;
  readonly mode: Mode;
  /** dbSNP identifiers of planted variants of one gene, and the share each has among affected copies. */
  readonly variants: Readonly<Record<string, number>>;
  /** Probability that whoever has the genotype has the condition, by sex. */
  readonly penetrance: { readonly female: number; readonly male: number };
  /** Years of age at onset, at least and at most. */
  readonly onset: readonly [number, number];
  readonly features: readonly Feature[];
  /** Patients whom clinics recruited beyond chance, a thousand people, by country. */
  readonly recruited: number;
  readonly recruitedIn?: Readonly<Record<string, number>>;
}

type Row = readonly [
  term: string,
  mode: Mode,
  variants: Condition['variants'],
  penetrance: number | readonly [female: number, male: number],
  onset: readonly [number, number],
  features: string,
  recruited: number,
  recruitedIn?: Readonly<Record<string, number>>,
];

// Features as `HP:id=probability` after the HPO's own annotations, in round numbers.
const ROWS: readonly Row[] = [
  [
    'ORDO:586',
    'recessive',
    { rs113993960: 0.7, rs113993959: 0.15, rs80034486: 0.15 },
    1,
    [0, 6],
    'HP:0002110=0.8 HP:0006532=0.7 HP:0001738=0.85',
    6,
    { FI: 2 },
  ],
  [
    'ORDO:716',
    'recessive',
    { rs5030858: 1 },
    1,
    [0, 1],
    'HP:0004923=1 HP:0001249=0.15 HP:0000708=0.3 HP:0000252=0.1',
    2,
    { EE: 9 },
  ],
  [
    'ORDO:93',
    'recessive',
    { rs121964904: 1 },
    1,
    [1, 5],
    'HP:0001249=1 HP:0000280=0.8 HP:0002650=0.4 HP:0001250=0.35',
    0,
    { FI: 9 },
  ],
  [
    'ORDO:839',
    'recessive',
    { rs386833873: 1 },
    1,
    [0, 0],
    'HP:0000100=1 HP:0000093=0.95 HP:0003073=0.9 HP:0000969=0.7',
    0,
    { FI: 8 },
  ],
  [
    'ORDO:231183',
    'recessive',
    { rs121908140: 1 },
    1,
    [5, 15],
    'HP:0000407=1 HP:0000510=0.95 HP:0000662=0.8',
    0,
    { FI: 7 },
  ],
  ['ORDO:90636', 'recessive', { rs80338939: 1 }, 1, [0, 2], 'HP:0000407=1', 5],
  [
    'ORDO:232',
    'recessive',
    { rs334: 1 },
    1,
    [0, 3],
    'HP:0001878=1 HP:0001744=0.5 HP:0012532=0.6 HP:0001081=0.3',
    3,
    { FI: 0, EE: 0 },
  ],
  [
    'ORDO:848',
    'recessive',
    { rs11549407: 1 },
    1,
    [0, 2],
    'HP:0001903=1 HP:0001744=0.8 HP:0000952=0.4',
    1,
    { IT: 9, FI: 0, EE: 0 },
  ],
  [
    'ORDO:465508',
    'recessive',
    { rs1800562: 1 },
    [0.12, 0.3],
    [35, 65],
    'HP:0003281=0.95 HP:0002240=0.4 HP:0001394=0.2 HP:0000953=0.4 HP:0000819=0.25',
    4,
  ],
  ['HP:0004936', 'dominant', { rs6025: 1 }, 0.08, [25, 75], 'HP:0002625=0.8 HP:0002204=0.25', 0],
  ['HP:0004936', 'dominant', { rs1799963: 1 }, 0.06, [25, 75], 'HP:0002625=0.8 HP:0002204=0.25', 0],
  ['ORDO:60', 'recessive', { rs28929474: 1 }, 0.7, [30, 55], 'HP:0002097=0.75 HP:0001394=0.15', 3],
  [
    'HP:0003124',
    'dominant',
    { rs557344672: 0.6, rs730882102: 0.4 },
    0.95,
    [15, 45],
    'HP:0003141=0.98 HP:0010874=0.3 HP:0001084=0.3 HP:0001658=0.15 HP:0001677=0.3',
    8,
  ],
  [
    'ORDO:145',
    'dominant',
    { rs80357906: 0.6, rs80357914: 0.4 },
    [0.7, 0.02],
    [32, 70],
    'HP:0003002=0.85 HP:0100615=0.35',
    7,
  ],
  [
    'ORDO:145',
    'dominant',
    { rs80359550: 1 },
    [0.6, 0.1],
    [35, 72],
    'HP:0003002=0.85 HP:0100615=0.2 HP:0002894=0.05',
    4,
  ],
  ['HP:0003002', 'dominant', { rs555607708: 1 }, [0.22, 0.01], [38, 75], '', 0],
  [
    'HP:0001639',
    'dominant',
    { rs397515963: 1 },
    0.65,
    [20, 55],
    'HP:0001279=0.25 HP:0005110=0.25 HP:0001635=0.2',
    6,
  ],
  ['ORDO:154', 'dominant', { rs72646846: 1 }, 0.4, [25, 65], 'HP:0001644=1 HP:0001635=0.6 HP:0005110=0.3', 5],
  [
    'ORDO:101016',
    'dominant',
    { rs17215500: 1 },
    0.7,
    [5, 30],
    'HP:0001657=0.95 HP:0001279=0.45 HP:0001663=0.06',
    5,
  ],
  [
    'ORDO:33069',
    'dominant',
    { rs121917993: 1 },
    1,
    [0, 1],
    'HP:0001250=1 HP:0002373=0.8 HP:0002197=0.7 HP:0001263=0.95 HP:0001249=0.7',
    6,
  ],
  [
    'ORDO:98896',
    'x-linked',
    { rs128626249: 1 },
    1,
    [2, 5],
    'HP:0003236=1 HP:0003560=0.95 HP:0002505=0.6 HP:0001644=0.3',
    5,
  ],
  ['ORDO:98878', 'x-linked', { rs369414658: 1 }, 1, [0, 4], 'HP:0001892=1 HP:0005261=0.7 HP:0000978=0.9', 6],
  ['ORDO:98879', 'x-linked', { rs137852237: 1 }, 1, [0, 4], 'HP:0001892=1 HP:0005261=0.6 HP:0000978=0.9', 4],
  ['HP:0001878', 'x-linked', { rs5030868: 1 }, 0.25, [2, 40], 'HP:0000952=0.5 HP:0001903=0.9', 0],
  [
    'ORDO:77259',
    'recessive',
    { rs76763715: 1 },
    0.8,
    [8, 40],
    'HP:0001744=0.9 HP:0002240=0.6 HP:0001873=0.7 HP:0002756=0.2',
    3,
  ],
  [
    'ORDO:905',
    'recessive',
    { rs76151636: 1 },
    0.9,
    [8, 30],
    'HP:0001394=0.4 HP:0001332=0.4 HP:0001337=0.4 HP:0200032=0.7',
    3,
    { EE: 5 },
  ],
  [
    'ORDO:342',
    'recessive',
    { rs61752717: 1 },
    0.95,
    [2, 18],
    'HP:0001954=1 HP:0002027=0.9 HP:0001369=0.5',
    2,
    { IT: 6, FI: 0 },
  ],
  ['ORDO:42', 'recessive', { rs77931234: 1 }, 0.85, [0, 2], 'HP:0001943=0.8 HP:0001254=0.6', 4],
  [
    'ORDO:79239',
    'recessive',
    { rs75391579: 1 },
    1,
    [0, 0],
    'HP:0000952=0.7 HP:0000518=0.3 HP:0001263=0.3',
    3,
  ],
  [
    'ORDO:558',
    'dominant',
    { rs76702162: 1 },
    0.95,
    [5, 25],
    'HP:0001166=0.8 HP:0001083=0.6 HP:0001519=0.8 HP:0002650=0.5 HP:0002647=0.1',
    5,
  ],
  ['HP:0004789', 'recessive-reference', { rs4988235: 1 }, 0.6, [4, 25], '', 0],
];

export const CONDITIONS: readonly Condition[] = ROWS.map(
  ([term, mode, variants, penetrance, onset, features, recruited, recruitedIn]) => ({
    term,
    mode,
    variants,
    penetrance:
      typeof penetrance === 'number'
        ? { female: penetrance, male: penetrance }
        : { female: penetrance[0], male: penetrance[1] },
    onset,
    features: parseFeatures(features),
    recruited,
    recruitedIn: recruitedIn ?? {},
  }),
);

function parseFeatures(text: string): readonly Feature[] {
  if (text === '') return [];
  return text.split(' ').map((item) => {
    const [term, probability] = item.split('=');
    return { term: term!, probability: Number(probability) };
  });
}
