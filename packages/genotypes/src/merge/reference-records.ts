import type { VcfRecord } from '@federome/formats';
import { GenotypeError } from '../errors.ts';

/** What a reference block must have to count as called; by default its genotype alone decides. */
export interface ReferenceQuality {
  /** Least GQ (or RGQ) of the block. */
  readonly gq?: number | undefined;
  /** Least MIN_DP of the block, or DP where it has no MIN_DP. */
  readonly depth?: number | undefined;
}

/** The alleles that stand for "any other" in gVCF. */
export function isUnspecified(alt: string): boolean {
  return alt === '<NON_REF>' || alt === '<*>';
}

/** Whether a record names no alternate allele: it says only who has the reference there. */
export function isReferenceRecord({ alts }: VcfRecord): boolean {
  return alts.every(isUnspecified);
}

/** Whether it is a reference block: only files have them that state everywhere where they were called. */
export function isReferenceBlock(record: VcfRecord): boolean {
  return isReferenceRecord(record) && (record.alts.length > 0 || record.end !== undefined);
}

/** Whether a sample's block is as good as asked for; one that does not say how good it is, is not. */
export function reaches(record: VcfRecord, sample: number, quality: ReferenceQuality, file: string): boolean {
  const value = (...keys: readonly string[]): number => {
    if (record.sampleField === undefined) throw unreadable(file, record.line);
    for (const key of keys) {
      const text = record.sampleField(sample, key);
      if (text !== undefined && text !== '.') return Number(text);
    }
    return Number.NEGATIVE_INFINITY;
  };
  if (quality.gq !== undefined && !(value('GQ', 'RGQ') >= quality.gq)) return false;
  return quality.depth === undefined || value('MIN_DP', 'DP') >= quality.depth;
}

function unreadable(file: string, line: number): GenotypeError {
  return new GenotypeError(
    'genotypes/no-quality',
    'the quality of reference blocks is read from VCF only: expected VCF, or no least quality',
    { location: { file, line } },
  );
}
