import { compareContigs } from '../genome/assembly.ts';

/**
 * One alternate allele at one place. `position` is the 0-based start of `ref`; `contig` is Federome's name of it.
 * `ref` and `alt` are upper-case bases; `alt` may also be symbolic (`<DEL>`, `<CN0>`), a breakend, or `*`.
 * A variant that went through `normalise` is minimal and left-aligned, so that equal changes have equal values.
 */
export interface Variant {
  readonly contig: string;
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
}

/** `22-16050075-A-G` with a 1-based position, as people exchange it. */
export function formatVariant(variant: Variant): string {
  return `${variant.contig}-${variant.position + 1}-${variant.ref}-${variant.alt}`;
}

/** Genome order: contig, position, ref, alt. Total, so that merges of site lists are deterministic. */
export function compareVariants(a: Variant, b: Variant): number {
  if (a.contig !== b.contig) return compareContigs(a.contig, b.contig);
  if (a.position !== b.position) return a.position - b.position;
  if (a.ref !== b.ref) return a.ref < b.ref ? -1 : 1;
  return a.alt === b.alt ? 0 : a.alt < b.alt ? -1 : 1;
}

/** Whether an allele is written as bases, and can therefore be trimmed and aligned. */
export function isSequence(allele: string): boolean {
  return /^[ACGTN]+$/.test(allele);
}
