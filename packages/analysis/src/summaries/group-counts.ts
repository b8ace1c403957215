import { type AlleleCounts, expectedPloidy, type PeopleSet, type Variant } from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import type { GroupCounts } from '../disclosure/frequencies.ts';

/** People whose alleles are counted together; of one sex, where that is what they have in common. */
export interface CountedGroup {
  readonly population: string;
  readonly people: PeopleSet;
  readonly sex?: 'female' | 'male' | undefined;
}

/** What each group carries of a variant, with what disclosure control has to know about it. */
export async function countGroups(
  genotypes: GenotypeQueries,
  variant: Variant,
  groups: readonly CountedGroup[],
): Promise<readonly GroupCounts[]> {
  const counts = await genotypes.count(
    variant,
    groups.map(({ people }) => people),
  );
  const genotyped = genotypes.genotyped(variant.contig);
  return groups.map(({ population, people, sex }, index) => {
    const own = counts[index]!;
    return {
      population,
      counts: own,
      people: calledPeople(people.intersectionSize(genotyped), own),
      possible: possibleGenotypes(genotypes, variant, sex),
    };
  });
}

function calledPeople(genotyped: number, { missing, an }: AlleleCounts): number {
  return Math.min(an, Math.max(0, genotyped - missing));
}

function possibleGenotypes(
  { assembly }: GenotypeQueries,
  { contig, position }: Variant,
  sex: CountedGroup['sex'],
): GroupCounts['possible'] {
  const sexes = sex === undefined ? (['female', 'male'] as const) : [sex];
  const ploidies = sexes.map((each) => expectedPloidy(assembly, contig, position, each));
  const diploid = ploidies.includes(2);
  return { hom: diploid, het: diploid, hemi: ploidies.includes(1) };
}
