import type { PopulationFrequency } from '@federome/core';

/**
 * One frequency over several disclosed ones of disjoint groups, e.g. the countries of a network: copies and alleles add
 * up; genotype counts only where every group shows them, because a sum of some would belong to nobody.
 */
export function mergePopulationFrequencies(
  population: string,
  rows: readonly PopulationFrequency[],
): PopulationFrequency {
  let ac = 0;
  let an = 0;
  let genotypes: { hom: number; het: number; hemi: number } | undefined = { hom: 0, het: 0, hemi: 0 };
  for (const { counts } of rows) {
    ac += counts.ac;
    an += counts.an;
    const { hom, het, hemi } = counts;
    genotypes =
      genotypes === undefined || hom === undefined || het === undefined || hemi === undefined
        ? undefined
        : { hom: genotypes.hom + hom, het: genotypes.het + het, hemi: genotypes.hemi + hemi };
  }
  return { population, counts: { ac, an, ...(rows.length === 0 ? undefined : genotypes) } };
}
