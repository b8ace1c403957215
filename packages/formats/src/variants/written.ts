/** How genotypes are written: VCF 4.3 as text, the same as BGZF, or BCF 2.2 (BGZF). */
export type VariantFormat = 'vcf' | 'vcf.gz' | 'bcf';

/** What stands above the records of a file that is written. */
export interface WrittenHeader {
  readonly contig: string;
  readonly lengthBp: number | undefined;
  readonly assembly: string;
  /** Each once. */
  readonly samples: readonly string[];
}

/** One normalised variant on the contig of the header. */
export interface WrittenSite {
  /** 0-based. */
  readonly position: number;
  readonly ids: readonly string[];
  readonly ref: string;
  readonly alt: string;
}

/**
 * The calls of one site as sets of haplotypes, `2 * place + copy` in the order of the header's samples. Who is in none of
 * them has the reference. Sets do not meet, and each may have any order; whoever lacks a copy lacks the second.
 */
export interface WrittenCalls {
  readonly carriers: Uint32Array;
  readonly missing: Uint32Array;
  readonly absent: Uint32Array;
  /** All calls are phased, or none, but for those of the places in `unusualPhase`. */
  readonly usualPhase: 'all' | 'none';
  readonly unusualPhase: Uint32Array;
}

/** Turns sites into the bytes of a format. What it returns is valid until the next call. */
export interface RecordEncoder {
  header(): Buffer;
  /** The record in two parts, of which the second has the genotypes. */
  record(site: WrittenSite, calls: WrittenCalls): readonly [Uint8Array, Uint8Array];
}

/** The lines of a header, those of fields and contigs with `idx` behind their number in a dictionary. */
export function headerLines(header: WrittenHeader, idx: (number: number) => string): string {
  const length = header.lengthBp === undefined ? '' : `,length=${header.lengthBp}`;
  const columns = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO'];
  const samples = header.samples.length === 0 ? [] : ['FORMAT', ...header.samples];
  return [
    '##fileformat=VCFv4.3',
    `##FILTER=<ID=PASS,Description="All filters passed"${idx(0)}>`,
    `##contig=<ID=${header.contig}${length},assembly=${header.assembly}${idx(0)}>`,
    `##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype"${idx(1)}>`,
    [...columns, ...samples].join('\t'),
    '',
  ].join('\n');
}
