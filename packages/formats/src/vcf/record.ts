import type { Assembly } from '@federome/core';

/** A call that was not made (`.`). */
export const MISSING_CALL = -1;
/** The second slot of a haploid call: the person has no second copy here. */
export const NO_SECOND_COPY = -2;
/**
 * Both slots of a call of more than two copies (`0/0/1`), which Federome does not store. Only a reader that was opened
 * with `higherPloidy: 'mark'` gives it; others refuse the record.
 */
export const HIGHER_PLOIDY = -3;

/**
 * The genotypes of one record. The arrays belong to the reader and are overwritten by the next record.
 * `calls[2 * s]` and `calls[2 * s + 1]` are the allele indexes of sample `s` in the order of the file (0 = ref),
 * `MISSING_CALL` or `NO_SECOND_COPY`; `phased[s]` is 1 where the call was written with `|` (or is haploid).
 */
export interface Genotypes {
  readonly calls: Int16Array;
  readonly phased: Uint8Array;
}

/** What the header of a VCF file says. */
export interface VcfHeader {
  /** `4.1` … `4.5`. */
  readonly version: string;
  readonly samples: readonly string[];
  /** Declared contigs as the file names them, with their lengths where given. */
  readonly contigs: ReadonlyMap<string, { readonly lengthBp: number | undefined }>;
  /** What `##reference`, `##assembly` or contig lengths say the file was called against, where they say it. */
  readonly assembly: Assembly | undefined;
}

/** One line of a VCF file. Valid until the next record is taken. */
export interface VcfRecord {
  /** 1-based line number in the decompressed file. */
  readonly line: number;
  /** As the file writes it; `resolveContig` gives Federome's name. */
  readonly contig: string;
  /** 0-based. */
  readonly position: number;
  readonly ids: readonly string[];
  readonly ref: string;
  readonly alts: readonly string[];
  readonly filters: readonly string[];
  /** `undefined` where the file has no samples or the record no GT: nobody's genotype is known. */
  readonly genotypes: Genotypes | undefined;
  /** What INFO states as END: 0-based and exclusive, the end of a reference block or a symbolic allele. */
  readonly end?: number | undefined;
  /** What a sample has in a field of FORMAT, as text; readers of BCF have no such text. */
  sampleField?(sample: number, key: string): string | undefined;
}

/**
 * What one record says of everyone, as sets of haplotypes numbered `2 × sample + copy` in the order of the file. Arrays
 * are ascending, hold each number once, belong to the reader, and are valid until the next record.
 */
export interface CallSets {
  /** Haplotypes with that 1-based alternate allele. */
  carriers(allele: number): Uint32Array;
  /** Haplotypes whose call was not made; all of them where the record has no genotypes. */
  readonly missing: Uint32Array;
  /** Second haplotypes of people with one copy. */
  readonly absent: Uint32Array;
  /** All calls are phased (written with `|`, or of one copy), or none, but for those of the samples of `unusualPhase`. */
  readonly usualPhase: 'all' | 'none';
  readonly unusualPhase: Uint32Array;
}

/** One line of a file, whose genotypes are sets. Valid until the next record is taken. */
export interface CalledRecord extends Omit<VcfRecord, 'genotypes'> {
  /** The same object for all records of a file. */
  readonly calls: CallSets;
}

/** How a file is read for its calls. */
export interface CallsOptions {
  /** Called with the bytes of the file as it lies on the disk, all of them, in order; they last as long as the call. */
  readonly onCompressed?: ((bytes: Uint8Array) => void) | undefined;
  /** How many threads inflate a large BGZF file, this one included: 1 unless given (see `TextWindowOptions`). */
  readonly threads?: number | undefined;
}

/** Records that lie together in a file, to be taken before the next batch is asked for. */
export interface CallBatch {
  readonly records: Iterable<CalledRecord>;
  /** Bytes of the (compressed) file consumed so far, and its size, for progress. */
  readonly progress: { readonly bytesRead: number; readonly bytesTotal: number };
}

/** A VCF file that is read from beginning to end. */
export interface VcfReader {
  readonly file: string;
  readonly header: VcfHeader;
  /** Bytes of the (compressed) file consumed so far, and its size, for progress. */
  readonly progress: { readonly bytesRead: number; readonly bytesTotal: number };
  /**
   * The records in file order, in batches of what one decompressed chunk holds, so that the inner loop is synchronous.
   * Memory is bounded by the chunk and the longest line. Throws `FormatError` at the first fault, with line and column.
   */
  batches(): AsyncIterable<Iterable<VcfRecord>>;
  /**
   * The same records with their calls as sets, several times as fast. Of FORMAT fields beside GT the contents are not
   * looked at; all else is held to the same rules, with the same errors. Genotypes of more than two copies
   * are refused, whatever the reader was opened with.
   */
  calls(options?: CallsOptions): AsyncIterable<CallBatch>;
}
