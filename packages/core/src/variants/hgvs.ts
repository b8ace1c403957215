import { type Assembly, refSeqAccession } from '../genome/assembly.ts';
import { isSequence, type Variant } from './variant.ts';
import { trimAlleles } from './variant-type.ts';

/** A change as a genomic HGVS name states it; positions 0-based, half-open. */
export type HgvsChange =
  | { readonly kind: 'substitution'; readonly start: number; readonly ref: string; readonly alt: string }
  /** `deleted` where the name spells it out. */
  | { readonly kind: 'deletion'; readonly start: number; readonly end: number; readonly deleted?: string }
  /** Between the bases `start - 1` and `start`. */
  | { readonly kind: 'insertion'; readonly start: number; readonly inserted: string }
  | {
      readonly kind: 'duplication';
      readonly start: number;
      readonly end: number;
      readonly duplicated?: string;
    }
  | { readonly kind: 'delins'; readonly start: number; readonly end: number; readonly inserted: string };

export interface GenomicHgvs {
  /** With its version, e.g. `NC_000022.11`. */
  readonly accession: string;
  readonly change: HgvsChange;
}

const NAME =
  /^(?:refseq:)?(NC_\d{6}\.\d+):g\.(\d{1,10})(?:_(\d{1,10}))?(?:([ACGT])>([ACGT])|(delins|del|ins|dup)([ACGT]*))$/i;

/**
 * Reads `NC_000022.11:g.36265860A>G`, `g.100_102del`, `g.100_101insACG`, `g.100_102dup`, `g.100_102delinsT` (HGVS
 * nomenclature 21, DNA level). `undefined` for everything else: transcripts, uncertain positions, several changes.
 */
export function parseGenomicHgvs(text: string): GenomicHgvs | undefined {
  const match = NAME.exec(text.trim());
  const [, accession, from, to, ref, alt, operation, bases = ''] = match ?? [];
  if (accession === undefined || from === undefined) return undefined;
  const start = Number(from) - 1;
  const end = to === undefined ? start + 1 : Number(to);
  if (start < 0 || end <= start) return undefined;
  const change =
    ref !== undefined && alt !== undefined
      ? substitution(start, to, ref.toUpperCase(), alt.toUpperCase())
      : operationOf(operation?.toLowerCase(), start, end, bases.toUpperCase());
  return change === undefined ? undefined : { accession: accession.toUpperCase(), change };
}

function substitution(
  start: number,
  to: string | undefined,
  ref: string,
  alt: string,
): HgvsChange | undefined {
  return to === undefined && ref !== alt ? { kind: 'substitution', start, ref, alt } : undefined;
}

function operationOf(
  operation: string | undefined,
  start: number,
  end: number,
  bases: string,
): HgvsChange | undefined {
  const spelled = bases === '' || bases.length === end - start;
  switch (operation) {
    case 'del':
      return spelled
        ? { kind: 'deletion', start, end, ...(bases === '' ? {} : { deleted: bases }) }
        : undefined;
    case 'dup':
      return spelled
        ? { kind: 'duplication', start, end, ...(bases === '' ? {} : { duplicated: bases }) }
        : undefined;
    case 'ins':
      return bases !== '' && end === start + 2
        ? { kind: 'insertion', start: end - 1, inserted: bases }
        : undefined;
    case 'delins':
      return bases === '' ? undefined : { kind: 'delins', start, end, inserted: bases };
    default:
      return undefined;
  }
}

/**
 * The genomic HGVS name of a variant on a primary contig, or `undefined` (symbolic alleles, other contigs). Insertions
 * and deletions are named where they lie, which is leftmost for a normalised variant: without the reference sequence
 * they cannot be moved to the right as the nomenclature wants, and a duplication is named as an insertion.
 */
export function hgvsOf(assembly: Assembly, variant: Variant): string | undefined {
  const accession = refSeqAccession(assembly, variant.contig);
  if (accession === undefined || !isSequence(variant.ref) || !isSequence(variant.alt)) return undefined;
  const { start, ref, alt } = trimAlleles(variant.position, variant.ref, variant.alt);
  return `${accession}:g.${changeText(start, ref, alt)}`;
}

function changeText(start: number, ref: string, alt: string): string {
  if (ref === '') return `${start}_${start + 1}ins${alt}`;
  if (ref.length === 1 && alt.length === 1) return `${start + 1}${ref}>${alt}`;
  const span = ref.length === 1 ? `${start + 1}` : `${start + 1}_${start + ref.length}`;
  return `${span}${alt === '' ? 'del' : `delins${alt}`}`;
}
