import { type AlleleCounts, contigLengthBp } from '@federome/core';
import { contigName } from '../files/vcf-header.ts';
import type { PlantedVariant } from '../genome/planted.ts';
import type { Region } from '../genome/regions.ts';
import type { Cohort } from '../people/cohort.ts';
import { hash, Random } from '../random/random.ts';
import { ANCESTORS } from './ancestry.ts';
import { GenotypeRows } from './genotype-rows.ts';
import { founderCopies, inheritanceOf } from './inheritance.ts';
import { Mosaic } from './mosaic.ts';
import { type Birthplace, type Origin, plantedIn, type SimulatedSite, sitesOf } from './sites.ts';

/** Founder copies that carry each planted variant, by its dbSNP identifier. */
export type Carriers = ReadonlyMap<string, Int32Array>;

/** Everything that the genotypes of a network follow from. */
export interface GenomePlan {
  readonly seed: number;
  readonly cohorts: readonly Cohort[];
  /** By cohort. */
  readonly carriers: readonly Carriers[];
  readonly regions: readonly Region[];
}

export interface RegionGenotypes {
  /** VCF rows as whole BGZF blocks. */
  readonly blocks: Buffer;
  readonly rows: number;
  readonly variants: number;
  /** Variants of which one copy was called in the country. */
  readonly singletons: number;
  /** What the rows say of planted variants, by dbSNP identifier. */
  readonly planted: Readonly<Record<string, AlleleCounts>>;
}

const CLEAN_SITES = 0.8;

/**
 * The rows of one region for one country: sites where somebody of the country carries an alternate allele. A pure
 * function of the plan, so that it does not matter which thread does which region.
 */
export function regionGenotypes(plan: GenomePlan, cohortIndex: number, region: Region): RegionGenotypes {
  const writer = new RegionWriter(plan, cohortIndex, region);
  for (const site of sitesOf(plan.seed, region, birthplaces(plan.cohorts, region.contig))) writer.add(site);
  return writer.finish();
}

function birthplaces(cohorts: readonly Cohort[], contig: string): readonly Birthplace[] {
  const inheritance = inheritanceOf(contig);
  return cohorts.map((cohort) => ({
    country: cohort.country,
    founderCopies: founderCopies(cohort, inheritance).length,
  }));
}

/** The ancestor in whom a planted mutation happened. */
function founderOf(variant: PlantedVariant): number {
  return hash(variant.id) % ANCESTORS;
}

class RegionWriter {
  readonly #plan: GenomePlan;
  readonly #cohort: Cohort;
  readonly #cohortIndex: number;
  readonly #contig: string;
  readonly #mosaic: Mosaic;
  readonly #rows: GenotypeRows;
  readonly #calling: Random;
  readonly #planted: Record<string, AlleleCounts> = {};
  #written = 0;
  #variants = 0;
  #singletons = 0;

  constructor(plan: GenomePlan, cohortIndex: number, region: Region) {
    const cohort = plan.cohorts[cohortIndex]!;
    this.#plan = plan;
    this.#cohort = cohort;
    this.#cohortIndex = cohortIndex;
    this.#contig = contigName(cohort.country.contigPrefix, region.contig);
    this.#mosaic = new Mosaic(plan.seed, cohort, region, contigLengthBp('GRCh38', region.contig)!);
    this.#rows = new GenotypeRows(cohort, region.contig);
    this.#calling = new Random(plan.seed, 'calling', cohort.country.code, region.index);
    for (const variant of plantedIn(region)) {
      const copies = plan.carriers[cohortIndex]!.get(variant.id);
      if (copies !== undefined) this.#mosaic.settle(copies, founderOf(variant));
    }
  }

  add(site: SimulatedSite): void {
    this.#mosaic.advance(site.position);
    const carriers = this.#carriersOf(site);
    const missing = carriers.length === 0 ? [] : this.#missing();
    const counts = this.#rows.count(carriers, missing, site.alts.length);
    const seen = counts.some((count) => count.ac > 0);
    if (seen) this.#write(site, carriers, missing, counts);
    this.#remember(site, seen ? counts : this.#rows.count([], [], site.alts.length));
    this.#rows.clear(carriers);
  }

  finish(): RegionGenotypes {
    return {
      blocks: this.#rows.take(),
      rows: this.#written,
      variants: this.#variants,
      singletons: this.#singletons,
      planted: this.#planted,
    };
  }

  /** Copies with an alternate allele, each once; its allele index is in the rows. */
  #carriersOf(site: SimulatedSite): number[] {
    const { alleles } = this.#rows;
    const carriers: number[] = [];
    for (const [index, origin] of site.origins.entries()) {
      for (const copy of this.#founderCarriers(origin)) {
        if (alleles[copy] === 0) carriers.push(copy);
        alleles[copy] = index + 1;
      }
    }
    this.#mosaic.passDown(carriers, (copy, from) => {
      alleles[copy] = alleles[from]!;
    });
    return carriers;
  }

  #founderCarriers(origin: Origin): Iterable<number> {
    if (origin.kind === 'old') {
      const copies: number[] = [];
      this.#mosaic.descendants(origin.clade, copies);
      return copies;
    }
    if (origin.kind === 'young') {
      return origin.copies
        .filter(([place]) => place === this.#cohortIndex)
        .map(([, index]) => this.#mosaic.founders[index]!);
    }
    const copies = this.#plan.carriers[this.#cohortIndex]!.get(origin.variant.id) ?? new Int32Array();
    this.#mosaic.settle(copies, founderOf(origin.variant));
    return copies;
  }

  /** People without a call at a site: hardly any at most sites, ten times as many at the others. */
  #missing(): number[] {
    const random = this.#calling;
    const share = this.#cohort.country.missing;
    const rate = random.chance(CLEAN_SITES) ? share / 4 : share * 4;
    const people: number[] = [];
    for (let person = random.skip(rate); person < this.#cohort.people; person += 1 + random.skip(rate)) {
      people.push(person);
    }
    return people;
  }

  #remember(site: SimulatedSite, counts: readonly AlleleCounts[]): void {
    for (const [index, origin] of site.origins.entries()) {
      if (origin.kind === 'planted') this.#planted[origin.variant.id] = counts[index]!;
    }
  }

  #write(
    site: SimulatedSite,
    carriers: readonly number[],
    missing: readonly number[],
    counts: readonly AlleleCounts[],
  ): void {
    const seen = counts.map((count, index) => ({ count, index })).filter(({ count }) => count.ac > 0);
    const renumber = counts.map(() => 0);
    renumber.unshift(0);
    for (const [place, { index }] of seen.entries()) renumber[index + 1] = place + 1;
    const info = `AC=${seen.map(({ count }) => count.ac).join(',')};AN=${seen[0]!.count.an}`;
    const alts = seen.map(({ index }) => site.alts[index]!).join(',');
    const fixed = [this.#contig, site.position + 1, site.id, site.ref, alts, '.', 'PASS', info, 'GT', ''];
    this.#rows.write(fixed.join('\t'), carriers, missing, renumber);
    this.#written += 1;
    this.#variants += seen.length;
    this.#singletons += seen.filter(({ count }) => count.ac === 1).length;
  }
}
