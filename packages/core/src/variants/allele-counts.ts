/**
 * What a group of people carries of one alternate allele: a mergeable summary.
 * - `ac` copies of the allele; `an` alleles called at the site, whichever they are;
 * - `hom` people with two copies, `het` people with one copy beside another called allele,
 *   `hemi` people whose only called allele it is (haploid, or a half call);
 * - `missing` people with a genome of whom no allele was called.
 */
export interface AlleleCounts {
  readonly ac: number;
  readonly an: number;
  readonly hom: number;
  readonly het: number;
  readonly hemi: number;
  readonly missing: number;
}

/** The neutral element of `mergeAlleleCounts`. */
export const NO_ALLELES: AlleleCounts = { ac: 0, an: 0, hom: 0, het: 0, hemi: 0, missing: 0 };

/** The counts of two disjoint groups together. Commutative and associative. */
export function mergeAlleleCounts(a: AlleleCounts, b: AlleleCounts): AlleleCounts {
  return {
    ac: a.ac + b.ac,
    an: a.an + b.an,
    hom: a.hom + b.hom,
    het: a.het + b.het,
    hemi: a.hemi + b.hemi,
    missing: a.missing + b.missing,
  };
}

/** People who carry at least one copy. */
export function carrierCount(counts: AlleleCounts): number {
  return counts.hom + counts.het + counts.hemi;
}
