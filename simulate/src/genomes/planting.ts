import { contigLengthBp } from '@federome/core';
import { PLANTED, type PlantedVariant, planted } from '../genome/planted.ts';
import { CONDITIONS, type Condition } from '../health/conditions.ts';
import { ageYears, type Cohort } from '../people/cohort.ts';
import { Random } from '../random/random.ts';
import { founderCopies, hasCopy, inheritanceOf, passedOn, transmission } from './inheritance.ts';
import type { Carriers } from './region-genotypes.ts';

/** Who of a country carries the planted variants, whether the laboratory called them or not. */
export interface PlantedGenotypes {
  /** What the genomes are made with. */
  readonly carriers: Carriers;
  /** 1 for every copy that carries the variant, by dbSNP identifier. */
  readonly copies: ReadonlyMap<string, Uint8Array>;
  /** People whom clinics recruited for a condition, by its place in `CONDITIONS`. */
  readonly recruited: readonly ReadonlySet<number>[];
}

/**
 * Plants the variants in a country's founders: each at its frequency, and in the ancestors of whoever was recruited for
 * a condition that it causes; children inherit by the same meioses that the genomes are made with.
 */
export function plant(seed: number, cohort: Cohort): PlantedGenotypes {
  const planting = new Planting(seed, cohort);
  const recruited = CONDITIONS.map((condition, index) => planting.recruit(condition, index));
  return { recruited, ...planting.genotypes() };
}

class Planting {
  readonly #seed: number;
  readonly #cohort: Cohort;
  readonly #carriers: Map<string, Set<number>>;

  constructor(seed: number, cohort: Cohort) {
    this.#seed = seed;
    this.#cohort = cohort;
    this.#carriers = new Map(PLANTED.map((variant) => [variant.id, this.#atFrequency(variant)]));
  }

  /** People for whom the genotype of a condition is made sure, old enough to have shown it. */
  recruit(condition: Condition, index: number): ReadonlySet<number> {
    const cohort = this.#cohort;
    const random = new Random(this.#seed, 'recruit', cohort.country.code, index);
    const share = condition.recruitedIn?.[cohort.country.code] ?? condition.recruited;
    const wanted = Math.floor((cohort.people * share) / 1000 + random.uniform());
    const recruited = new Set<number>();
    for (let tries = 0; recruited.size < wanted && tries < 50 * wanted; tries++) {
      const person = random.below(cohort.people);
      if (ageYears(cohort, person) < condition.onset[1]) continue;
      if (condition.mode === 'x-linked' && cohort.male[person] === 0) continue;
      recruited.add(person);
      for (const copy of affectedCopies(person, condition, random)) this.#give(copy, condition, random);
    }
    return recruited;
  }

  genotypes(): Pick<PlantedGenotypes, 'carriers' | 'copies'> {
    const carriers = new Map<string, Int32Array>();
    const copies = new Map<string, Uint8Array>();
    for (const variant of PLANTED) {
      const founders = Int32Array.from(this.#carriers.get(variant.id)!).sort();
      carriers.set(variant.id, founders);
      copies.set(variant.id, this.#inherited(variant, founders));
    }
    return { carriers, copies };
  }

  #atFrequency(variant: PlantedVariant): Set<number> {
    const { country } = this.#cohort;
    const random = new Random(this.#seed, 'plant', country.code, variant.id);
    const founders = founderCopies(this.#cohort, inheritanceOf(variant.contig));
    const expected = founders.length * (variant.frequencyIn[country.code] ?? variant.frequency);
    const count = Math.floor(expected + random.uniform());
    return new Set(random.distinct(count, founders.length).map((index) => founders[index]!));
  }

  #give(copy: number, condition: Condition, random: Random): void {
    const ids = Object.keys(condition.variants);
    const id = ids[random.weighted(Object.values(condition.variants))]!;
    const already = ids.some((other) =>
      this.#carriers.get(other)!.has(this.#founderOf(copy, planted(other))),
    );
    if (!already) this.#carriers.get(id)!.add(this.#founderOf(copy, planted(id)));
  }

  /** The founder's copy that a copy comes from at a variant. */
  #founderOf(copy: number, variant: PlantedVariant): number {
    let ancestor = copy;
    for (let parent = this.#parentOf(ancestor, variant); parent !== undefined; ) {
      ancestor = parent;
      parent = this.#parentOf(ancestor, variant);
    }
    return ancestor;
  }

  #parentOf(copy: number, variant: PlantedVariant): number | undefined {
    const lengthBp = contigLengthBp('GRCh38', variant.contig)!;
    const transmitted = transmission(this.#seed, this.#cohort, copy, variant.contig, lengthBp);
    return transmitted === undefined ? undefined : passedOn(transmitted, variant.position);
  }

  #inherited(variant: PlantedVariant, founders: Int32Array): Uint8Array {
    const inheritance = inheritanceOf(variant.contig);
    const copies = new Uint8Array(2 * this.#cohort.people);
    for (const copy of founders) copies[copy] = 1;
    for (let copy = 0; copy < copies.length; copy++) {
      if (!hasCopy(this.#cohort, copy, inheritance)) continue;
      const parent = this.#parentOf(copy, variant);
      if (parent !== undefined) copies[copy] = copies[parent]!;
    }
    return copies;
  }
}

function affectedCopies(person: number, condition: Condition, random: Random): readonly number[] {
  if (condition.mode === 'recessive') return [2 * person, 2 * person + 1];
  if (condition.mode === 'x-linked') return [2 * person];
  return [2 * person + random.below(2)];
}
