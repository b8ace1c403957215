import { CoreError } from '../errors.ts';
import { isSequence, type Variant } from './variant.ts';

/** Upper-case bases of `[start, end)` (0-based); may be shorter where the contig ends. */
export type ReferenceLookup = (contig: string, start: number, end: number) => string;

/** A line of a VCF file: `position` is the 0-based start of `ref`. */
export interface MultiAllelicSite {
  readonly contig: string;
  readonly position: number;
  readonly ref: string;
  readonly alts: readonly string[];
}

/** One alternate allele of a site, normalised; `alleleIndex` is its 1-based place in the ALT column. */
export interface NormalisedAllele {
  readonly variant: Variant;
  /** 1-based index into `alts`, as genotypes count them. */
  readonly alleleIndex: number;
}

const WINDOW_BP = 128;

/**
 * Splits a site into biallelic variants, each minimal and, where the reference is known, left-aligned
 * (Tan, Abecasis and Kang 2015, "Unified representation of genetic variants").
 * Symbolic alleles, breakends, `*` and alleles that are not bases stay as the file has them, as does an allele that
 * equals REF. Raises `core/reference-mismatch` where REF contradicts the reference; an `N` on either side agrees
 * with any base.
 */
export function normaliseSite(
  site: MultiAllelicSite,
  reference?: ReferenceLookup | undefined,
): readonly NormalisedAllele[] {
  const ref = site.ref.toUpperCase();
  if (reference !== undefined && isSequence(ref)) checkReference(site, ref, reference);
  return site.alts.map((alt, index) => ({
    variant: normaliseAllele(site.contig, site.position, ref, alt, reference),
    alleleIndex: index + 1,
  }));
}

function normaliseAllele(
  contig: string,
  position: number,
  ref: string,
  written: string,
  reference: ReferenceLookup | undefined,
): Variant {
  const alt = /^[acgtnACGTN]+$/.test(written) ? written.toUpperCase() : written;
  if (ref === alt || !isSequence(ref) || !isSequence(alt)) return { contig, position, ref, alt };
  if (ref.length === 1 && alt.length === 1) return { contig, position, ref, alt };
  const trimmed = trim(contig, position, ref, alt);
  if (reference === undefined || trimmed.ref.length === trimmed.alt.length) return trimmed;
  return leftAlign(trimmed, reference);
}

/** Removes what both alleles share at the end, then at the start, leaving at least one base of each. */
function trim(contig: string, position: number, ref: string, alt: string): Variant {
  let refEnd = ref.length;
  let altEnd = alt.length;
  while (refEnd > 1 && altEnd > 1 && ref[refEnd - 1] === alt[altEnd - 1]) {
    refEnd -= 1;
    altEnd -= 1;
  }
  let start = 0;
  while (start < refEnd - 1 && start < altEnd - 1 && ref[start] === alt[start]) start += 1;
  return { contig, position: position + start, ref: ref.slice(start, refEnd), alt: alt.slice(start, altEnd) };
}

/**
 * Rolls an insertion or deletion to the left: while the last bases of both alleles are equal, the last base goes and,
 * where an allele would become empty, the base before the variant comes in front of both.
 */
function leftAlign(variant: Variant, reference: ReferenceLookup): Variant {
  const { contig } = variant;
  let { position, ref, alt } = variant;
  let window = '';
  let windowStart = position;
  while (ref.at(-1) === alt.at(-1)) {
    if (ref.length === 1 || alt.length === 1) {
      if (position === 0) break;
      if (position === windowStart) {
        windowStart = Math.max(0, position - WINDOW_BP);
        window = reference(contig, windowStart, position);
        if (window.length !== position - windowStart) break;
      }
      position -= 1;
      const base = window[position - windowStart]!;
      ref = base + ref;
      alt = base + alt;
    }
    ref = ref.slice(0, -1);
    alt = alt.slice(0, -1);
  }
  return trim(contig, position, ref, alt);
}

function checkReference(site: MultiAllelicSite, ref: string, reference: ReferenceLookup): void {
  if (site.position < 0) return;
  const expected = reference(site.contig, site.position, site.position + ref.length);
  for (let at = 0; at < ref.length; at += 1) {
    const base = expected[at];
    if (base === ref[at] || base === 'N' || ref[at] === 'N') continue;
    throw new CoreError(
      'core/reference-mismatch',
      base === undefined
        ? `REF at ${site.contig}:${site.position + 1} runs beyond the end of the reference`
        : `REF at ${site.contig}:${site.position + 1} is ${shown(ref)}, but the reference has ${shown(expected)}`,
    );
  }
}

function shown(bases: string): string {
  return bases.length <= 30 ? bases : `${bases.slice(0, 30)}… (${bases.length} bases)`;
}
