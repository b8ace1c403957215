/** A real variant (GRCh38, `position` 0-based) that the simulation plants with a stated allele frequency. */
export interface PlantedVariant {
  /** dbSNP identifier. */
  readonly id: string;
  readonly gene: string;
  readonly contig: string;
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
  /** What people call it. */
  readonly name: string;
  /** Allele frequency among founders, and where a country's differs. */
  readonly frequency: number;
  readonly frequencyIn: Readonly<Record<string, number>>;
}

// [id, gene, contig, 1-based position, ref, alt, name, frequency, by country]. Coordinates and alleles as ClinVar and
// dbSNP list them; frequencies are rounded orders of magnitude of what those populations show.
const FACTS: readonly (readonly [
  string,
  string,
  string,
  number,
  string,
  string,
  string,
  number,
  Readonly<Record<string, number>>?,
])[] = [
  ['rs11591147', 'PCSK9', '1', 55039974, 'G', 'T', 'PCSK9 R46L', 0.015, { FI: 0.035, EE: 0.02 }],
  ['rs77931234', 'ACADM', '1', 75761161, 'A', 'G', 'ACADM K329E', 0.005],
  ['rs76763715', 'GBA1', '1', 155235843, 'T', 'C', 'GBA1 N370S', 0.003],
  ['rs6025', 'F5', '1', 169549811, 'C', 'T', 'factor V Leiden', 0.02, { EE: 0.03, FI: 0.025, LU: 0.025 }],
  ['rs4988235', 'MCM6', '2', 135851076, 'G', 'A', 'lactase persistence −13910', 0.6, { ES: 0.4, IT: 0.22 }],
  ['rs121917993', 'SCN1A', '2', 165994212, 'G', 'A', 'SCN1A pathogenic', 0],
  ['rs72646846', 'TTN', '2', 178589849, 'G', 'A', 'TTN truncating', 0.0004],
  ['rs121908140', 'CLRN1', '3', 150928107, 'A', 'C', 'CLRN1 Y176X, Finnish founder', 0, { FI: 0.006 }],
  ['rs121964904', 'AGA', '4', 177438764, 'C', 'G', 'AGA C163S, Finnish founder', 0, { FI: 0.008, EE: 0.001 }],
  ['rs1800562', 'HFE', '6', 26092913, 'G', 'A', 'HFE C282Y', 0.04, { IT: 0.02, FI: 0.035, LU: 0.055 }],
  ['rs113993960', 'CFTR', '7', 117559590, 'ATCT', 'A', 'CFTR F508del', 0.012, { FI: 0.004, EE: 0.007 }],
  ['rs113993959', 'CFTR', '7', 117587778, 'G', 'T', 'CFTR G542X', 0.001, { ES: 0.003, IT: 0.002 }],
  ['rs80034486', 'CFTR', '7', 117652877, 'C', 'G', 'CFTR N1303K', 0.0005, { IT: 0.002, ES: 0.001 }],
  ['rs75391579', 'GALT', '9', 34648170, 'A', 'G', 'GALT Q188R', 0.003],
  ['rs17215500', 'KCNQ1', '11', 2768881, 'C', 'T', 'KCNQ1 R518X', 0.0003, { FI: 0.0006 }],
  ['rs11549407', 'HBB', '11', 5226774, 'G', 'A', 'HBB Q40X', 0.0005, { IT: 0.012, ES: 0.002 }],
  ['rs334', 'HBB', '11', 5227002, 'T', 'A', 'HBB sickle', 0.0005, { IT: 0.003, ES: 0.003, LU: 0.002, FI: 0 }],
  ['rs1799963', 'F2', '11', 46739505, 'G', 'A', 'prothrombin 20210A', 0.012, { FI: 0.004 }],
  ['rs397515963', 'MYBPC3', '11', 47337729, 'A', 'AC', 'MYBPC3 W792fs', 0.0007],
  ['rs5030858', 'PAH', '12', 102840493, 'G', 'A', 'PAH R408W', 0.002, { EE: 0.011, FI: 0.001 }],
  ['rs80338939', 'GJB2', '13', 20189546, 'AC', 'A', 'GJB2 35delG', 0.012, { EE: 0.02, FI: 0.01, IT: 0.018 }],
  ['rs80359550', 'BRCA2', '13', 32340300, 'GT', 'G', 'BRCA2 6174delT', 0.0006],
  ['rs76151636', 'ATP7B', '13', 51944145, 'G', 'T', 'ATP7B H1069Q', 0.001, { EE: 0.003 }],
  [
    'rs28929474',
    'SERPINA1',
    '14',
    94378610,
    'C',
    'T',
    'SERPINA1 Z',
    0.015,
    { EE: 0.03, FI: 0.02, ES: 0.012 },
  ],
  ['rs76702162', 'FBN1', '15', 48437009, 'G', 'A', 'FBN1 pathogenic', 0.0002],
  ['rs61752717', 'MEFV', '16', 3243407, 'T', 'C', 'MEFV M694V', 0.0005, { IT: 0.006, ES: 0.002 }],
  ['rs80357906', 'BRCA1', '17', 43057062, 'T', 'TG', 'BRCA1 5382insC', 0.0008, { EE: 0.002, FI: 0.0005 }],
  ['rs80357914', 'BRCA1', '17', 43124027, 'ACT', 'A', 'BRCA1 185delAG', 0.0005, { ES: 0.0012 }],
  ['rs557344672', 'LDLR', '19', 11105448, 'C', 'G', 'LDLR pathogenic, exon 4', 0.0008, { FI: 0.002 }],
  ['rs730882102', 'LDLR', '19', 11113590, 'G', 'T', 'LDLR pathogenic, exon 10', 0.0008],
  ['rs386833873', 'NPHS1', '19', 35851608, 'CAG', 'C', 'NPHS1 Fin-major', 0, { FI: 0.008, EE: 0.001 }],
  ['rs429358', 'APOE', '19', 44908684, 'T', 'C', 'APOE ε4', 0.13, { FI: 0.19, ES: 0.1, IT: 0.09 }],
  ['rs7412', 'APOE', '19', 44908822, 'C', 'T', 'APOE ε2', 0.07, { FI: 0.045 }],
  ['rs555607708', 'CHEK2', '22', 28695868, 'AG', 'A', 'CHEK2 1100delC', 0.003, { FI: 0.007, EE: 0.005 }],
  ['rs128626249', 'DMD', 'X', 32342123, 'G', 'A', 'DMD stop', 0],
  ['rs137852237', 'F9', 'X', 139551112, 'C', 'T', 'F9 pathogenic', 0.0001],
  ['rs5030868', 'G6PD', 'X', 154534419, 'G', 'A', 'G6PD Mediterranean', 0.0005, { IT: 0.02, ES: 0.006 }],
  ['rs369414658', 'F8', 'X', 154902077, 'C', 'T', 'F8 pathogenic', 0.0002],
];

/** In genome order of their genes; all lie outside the pseudoautosomal regions. */
export const PLANTED: readonly PlantedVariant[] = FACTS.map(
  ([id, gene, contig, position, ref, alt, name, frequency, frequencyIn]) => ({
    id,
    gene,
    contig,
    position: position - 1,
    ref,
    alt,
    name,
    frequency,
    frequencyIn: frequencyIn ?? {},
  }),
);

/** The planted variant of that dbSNP identifier, which must be one of `PLANTED`. */
export function planted(id: string): PlantedVariant {
  const variant = BY_ID.get(id);
  if (variant === undefined) throw new RangeError(`${id} is not planted`);
  return variant;
}

const BY_ID = new Map(PLANTED.map((variant) => [variant.id, variant]));
