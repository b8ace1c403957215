/** The human reference assemblies that datasets may be of. */
export const ASSEMBLIES = ['GRCh37', 'GRCh38'] as const;
/** A human reference assembly; a dataset has exactly one. */
export type Assembly = (typeof ASSEMBLIES)[number];

interface ContigFacts {
  readonly name: string;
  readonly refSeq: Readonly<Record<Assembly, string>>;
  readonly lengthBp: Readonly<Record<Assembly, number>>;
}

// [name, GRCh37 accession version, GRCh38 accession version, GRCh37 length, GRCh38 length]; NCBI assemblies
// GCF_000001405.13 and GCF_000001405.26. MT is the rCRS in both.
const FACTS: readonly ContigFacts[] = (
  [
    ['1', 10, 11, 249250621, 248956422],
    ['2', 11, 12, 243199373, 242193529],
    ['3', 11, 12, 198022430, 198295559],
    ['4', 11, 12, 191154276, 190214555],
    ['5', 9, 10, 180915260, 181538259],
    ['6', 11, 12, 171115067, 170805979],
    ['7', 13, 14, 159138663, 159345973],
    ['8', 10, 11, 146364022, 145138636],
    ['9', 11, 12, 141213431, 138394717],
    ['10', 10, 11, 135534747, 133797422],
    ['11', 9, 10, 135006516, 135086622],
    ['12', 11, 12, 133851895, 133275309],
    ['13', 10, 11, 115169878, 114364328],
    ['14', 8, 9, 107349540, 107043718],
    ['15', 9, 10, 102531392, 101991189],
    ['16', 9, 10, 90354753, 90338345],
    ['17', 10, 11, 81195210, 83257441],
    ['18', 9, 10, 78077248, 80373285],
    ['19', 9, 10, 59128983, 58617616],
    ['20', 10, 11, 63025520, 64444167],
    ['21', 8, 9, 48129895, 46709983],
    ['22', 10, 11, 51304566, 50818468],
    ['X', 10, 11, 155270560, 156040895],
    ['Y', 9, 10, 59373566, 57227415],
    ['MT', 1, 1, 16569, 16569],
  ] as const
).map(([name, v37, v38, l37, l38], index) => {
  const stem = name === 'MT' ? 'NC_012920' : `NC_${String(index + 1).padStart(6, '0')}`;
  return {
    name,
    refSeq: { GRCh37: `${stem}.${v37}`, GRCh38: `${stem}.${v38}` },
    lengthBp: { GRCh37: l37, GRCh38: l38 },
  };
});

/** The primary contigs in karyotype order: `1` … `22`, `X`, `Y`, `MT`. */
export const PRIMARY_CONTIGS: readonly string[] = FACTS.map((facts) => facts.name);

const BY_NAME = new Map(FACTS.map((facts) => [facts.name, facts]));
const ORDER = new Map(PRIMARY_CONTIGS.map((name, index) => [name, index]));

/** Length in base pairs of a primary contig, or `undefined` for any other contig. */
export function contigLengthBp(assembly: Assembly, contig: string): number | undefined {
  return BY_NAME.get(contig)?.lengthBp[assembly];
}

/** RefSeq accession with version of a primary contig, e.g. `NC_000022.11`. */
export function refSeqAccession(assembly: Assembly, contig: string): string | undefined {
  return BY_NAME.get(contig)?.refSeq[assembly];
}

/** What a name of a contig means in an assembly. */
export type ContigResolution =
  | { readonly kind: 'contig'; readonly name: string }
  /** An accession of the other assembly (`NC_000022.10` asked of GRCh38 data). */
  | { readonly kind: 'other-assembly'; readonly assembly: Assembly; readonly name: string }
  | { readonly kind: 'unknown' };

/**
 * The one name that a contig has inside Federome: `1`–`22`, `X`, `Y`, `MT`, whatever a file or a client calls it
 * (`22`, `chr22`, `NC_000022.11`, `refseq:NC_000022.11`, `23` is not accepted; `M`, `chrM`, `MT`).
 * Contigs outside the primary set resolve to `unknown`; files may still carry them under their own names.
 */
export function resolveContig(assembly: Assembly, name: string): ContigResolution {
  const bare = name.replace(/^refseq:/i, '');
  const accession = /^NC_\d{6}\.\d+$/i.exec(bare)?.[0].toUpperCase();
  if (accession !== undefined) {
    for (const facts of FACTS) {
      if (facts.refSeq[assembly] === accession) return { kind: 'contig', name: facts.name };
    }
    const other: Assembly = assembly === 'GRCh37' ? 'GRCh38' : 'GRCh37';
    const match = FACTS.find((facts) => facts.refSeq[other] === accession);
    return match ? { kind: 'other-assembly', assembly: other, name: match.name } : { kind: 'unknown' };
  }
  const short = bare.replace(/^chr/i, '').toUpperCase();
  const canonical = short === 'M' ? 'MT' : short;
  return BY_NAME.has(canonical) ? { kind: 'contig', name: canonical } : { kind: 'unknown' };
}

/** Karyotype order for primary contigs, then the others by name. */
export function compareContigs(a: string, b: string): number {
  const left = ORDER.get(a) ?? PRIMARY_CONTIGS.length;
  const right = ORDER.get(b) ?? PRIMARY_CONTIGS.length;
  if (left !== right) return left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names under which tools know an assembly: `GRCh37`, `hg19`, `b37`, `GRCh38.p14`, `hg38` … */
export function parseAssembly(text: string): Assembly | undefined {
  const name = text.trim().toLowerCase();
  if (/^(grch37(\.p\d+)?|hg19|b37|hs37(d5)?|gcf_000001405\.(13|25))$/.test(name)) return 'GRCh37';
  if (/^(grch38(\.p\d+)?|hg38|b38|hs38(dh)?|gcf_000001405\.(2[6-9]|[34]\d))$/.test(name)) return 'GRCh38';
  return undefined;
}

const PSEUDOAUTOSOMAL_X: Readonly<Record<Assembly, readonly (readonly [number, number])[]>> = {
  GRCh37: [
    [60000, 2699520],
    [154931043, 155260560],
  ],
  GRCh38: [
    [10000, 2781479],
    [155701382, 156030895],
  ],
};

/** Copies of the genome at a 0-based position that a person of that sex is expected to carry. */
export function expectedPloidy(
  assembly: Assembly,
  contig: string,
  position: number,
  sex: 'female' | 'male',
): 0 | 1 | 2 {
  if (contig === 'MT') return 1;
  if (contig === 'Y') return sex === 'male' ? 1 : 0;
  if (contig !== 'X' || sex === 'female') return 2;
  const inPar = PSEUDOAUTOSOMAL_X[assembly].some(([start, end]) => position >= start && position < end);
  return inPar ? 2 : 1;
}
