/**
 * What one record says of everyone in the file, as sets over the file's *span*: the run of consecutive blocks that the
 * file fills. Haplotypes of a span are numbered `65,536 × (block − first block) + 2 × place + copy`; where all blocks but
 * the last are full, that is `2 × sample + copy`. A person of a span is `haplotype >> 1`.
 *
 * Arrays are ascending, hold each number once, and are valid until the next record.
 */
export interface RecordSets {
  /** Haplotypes with that 1-based alternate allele. */
  carriers(allele: number): Uint32Array;
  /** Haplotypes whose call is missing. */
  readonly missing: Uint32Array;
  /** Haplotypes that the person does not have. */
  readonly absent: Uint32Array;
  /** Whether calls are phased, but for those of the people (`haplotype >> 1`) in `unusualPhase`. */
  readonly usualPhase: 'all' | 'none';
  readonly unusualPhase: Uint32Array;
}

/** Who was not called in a record, and how the calls were phased. */
export type UncalledSets = Pick<RecordSets, 'missing' | 'absent' | 'usualPhase' | 'unusualPhase'>;
