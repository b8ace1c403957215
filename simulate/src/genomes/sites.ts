import { contigLengthBp } from '@federome/core';
import { PLANTED, type PlantedVariant } from '../genome/planted.ts';
import { referenceBase, referenceBases } from '../genome/reference.ts';
import type { Region } from '../genome/regions.ts';
import type { Country } from '../people/countries.ts';
import { Random } from '../random/random.ts';
import { ANCESTORS, AncestralTrees, type Clade } from './ancestry.ts';

/** Who carries an alternate allele among founders. */
export type Origin =
  /** Everyone whose ancestor here is of the clade. */
  | { readonly kind: 'old'; readonly clade: Clade }
  /** Chosen copies: `[index of the country, index among its founder copies]`. */
  | { readonly kind: 'young'; readonly copies: readonly (readonly [number, number])[] }
  | { readonly kind: 'planted'; readonly variant: PlantedVariant };

/** A site of the simulated genome; `position` is 0-based, one origin for each alternate allele. */
export interface SimulatedSite {
  readonly position: number;
  readonly ref: string;
  readonly alts: readonly string[];
  readonly origins: readonly Origin[];
  readonly id: string;
}

/** What a country offers to young variants. */
export interface Birthplace {
  readonly country: Country;
  readonly founderCopies: number;
}

const YOUNG_SHARE = 0.78;
const YOUNG_EXPONENT = 2.35;
const STAYS_HOME = 0.85;
const INDEL_SHARE = 0.1;
const SECOND_ALLELE_SHARE = 0.015;
const LONGEST_INDEL_BP = 8;
const SPAN_BP = LONGEST_INDEL_BP + 1;

/**
 * The sites of a region in ascending order, the same for every country. A part is old, from the ancestral trees (counts
 * by the neutral 1/x); the others are young, with counts by a steep power law as growing populations show, and mostly
 * of one country. About one in ten is an indel (left-aligned against the made-up reference), one in seventy
 * multi-allelic.
 */
export function* sitesOf(
  seed: number,
  region: Region,
  birthplaces: readonly Birthplace[],
): Generator<SimulatedSite> {
  const random = new Random(seed, 'sites', region.index);
  const trees = new AncestralTrees(new Random(seed, 'trees', region.index));
  const young = new YoungVariants(random, birthplaces);
  let previous = region.start;
  let taken = -1;
  for (const [position, variant] of placesOf(region, random)) {
    if (position <= taken && variant === undefined) continue;
    trees.advance(position - previous);
    previous = position;
    const site = variant === undefined ? madeUp(region.contig, position, random) : plantedSite(variant);
    const origins: Origin[] = [];
    for (const _ of site.alts) {
      if (variant !== undefined) origins.push({ kind: 'planted', variant });
      else if (origins.length > 0 || random.chance(YOUNG_SHARE)) origins.push(young.arise());
      else origins.push({ kind: 'old', clade: trees.mutate() });
    }
    taken = position + site.ref.length - 1;
    yield { position, ...site, origins };
  }
}

/** Planted variants of a region, in ascending order. */
export function plantedIn(region: Region): readonly PlantedVariant[] {
  return PLANTED.filter(
    ({ contig, position }) => contig === region.contig && position >= region.start && position < region.end,
  ).sort((a, b) => a.position - b.position);
}

function placesOf(
  region: Region,
  random: Random,
): readonly (readonly [number, PlantedVariant | undefined])[] {
  const known = plantedIn(region);
  const reserved = (position: number): boolean =>
    known.some((variant) => position > variant.position - SPAN_BP && position < variant.position + SPAN_BP);
  const lengthBp = region.end - region.start;
  const places: [number, PlantedVariant | undefined][] = random
    .distinct(region.sites - known.length, lengthBp)
    .map((offset): [number, undefined] => [region.start + offset, undefined])
    .filter(([position]) => !reserved(position));
  for (const variant of known) places.push([variant.position, variant]);
  return places.sort((a, b) => a[0] - b[0]);
}

type Alleles = Pick<SimulatedSite, 'ref' | 'alts' | 'id'>;

function plantedSite(variant: PlantedVariant): Alleles {
  return { ref: variant.ref, alts: [variant.alt], id: variant.id };
}

function madeUp(contig: string, position: number, random: Random): Alleles {
  const second = random.chance(SECOND_ALLELE_SHARE);
  const id = '.';
  if (random.chance(INDEL_SHARE)) {
    const lengthBp = 1 + Math.min(LONGEST_INDEL_BP - 1, random.skip(0.45));
    if (random.chance(0.6)) {
      const ref = referenceBases(contig, position, lengthBp + 1);
      const inside = position + lengthBp < contigLengthBp('GRCh38', contig)!;
      if (inside && ref[0] !== ref.at(-1)) return { ref, alts: [ref[0]!], id };
    }
    const ref = referenceBase(contig, position);
    const inserted = () => ref + randomBases(random, lengthBp, ref);
    const alts = [inserted()];
    const other = inserted();
    if (second && other !== alts[0]) alts.push(other);
    return { ref, alts, id };
  }
  const ref = referenceBase(contig, position);
  const alt = substitute(ref, random);
  const others = [...'ACGT'].filter((base) => base !== ref && base !== alt);
  return { ref, alts: second ? [alt, random.pick(others)] : [alt], id };
}

/** Bases whose last differs from `before`, so that inserting them after `before` is left-aligned. */
function randomBases(random: Random, lengthBp: number, before: string): string {
  let bases = '';
  for (let index = 1; index < lengthBp; index++) bases += 'ACGT'[random.below(4)]!;
  return bases + random.pick([...'ACGT'].filter((base) => base !== before));
}

const TRANSITION: Readonly<Record<string, string>> = { A: 'G', G: 'A', C: 'T', T: 'C' };
const TRANSITION_SHARE = 0.67;

function substitute(ref: string, random: Random): string {
  const transition = TRANSITION[ref]!;
  if (random.chance(TRANSITION_SHARE)) return transition;
  return random.pick([...'ACGT'].filter((base) => base !== ref && base !== transition));
}

/** Draws variants that arose recently in one country and hardly spread. */
class YoungVariants {
  readonly #random: Random;
  readonly #birthplaces: readonly Birthplace[];
  readonly #births: readonly number[];
  readonly #people: readonly number[];
  readonly #cumulative: Float64Array;

  constructor(random: Random, birthplaces: readonly Birthplace[]) {
    this.#random = random;
    this.#birthplaces = birthplaces;
    this.#births = birthplaces.map((place) => place.founderCopies * place.country.youngVariants);
    this.#people = birthplaces.map((place) => place.founderCopies);
    const all = this.#people.reduce((sum, copies) => sum + copies, 0);
    let sum = 0;
    this.#cumulative = Float64Array.from({ length: Math.max(2, Math.floor(all / ANCESTORS)) }, (_, index) => {
      sum += (index + 1) ** -YOUNG_EXPONENT;
      return sum;
    });
  }

  arise(): Origin {
    const random = this.#random;
    const home = random.weighted(this.#births);
    const target = random.uniform() * this.#cumulative.at(-1)!;
    const drawn = 1 + this.#cumulative.findIndex((sum) => sum > target);
    const factor = this.#birthplaces[home]!.country.youngCopies;
    const count = factor > 1 && random.chance(0.5) ? Math.round(drawn * factor) : drawn;
    const copies: [number, number][] = [];
    for (let index = 0; index < count; index++) {
      const place = index === 0 || random.chance(STAYS_HOME) ? home : random.weighted(this.#people);
      copies.push([place, random.below(this.#people[place]!)]);
    }
    return { kind: 'young', copies };
  }
}
