import type { Writable } from 'node:stream';
import type { ConsentScope, Interval, PeopleSet } from '@federome/core';
import type { ExportOptions, GenotypeStore } from '@federome/genotypes';

export type { VariantFormat } from '@federome/genotypes';

export interface ExportServiceOptions {
  readonly genotypes: (
    dataset: string,
  ) => Promise<Pick<GenotypeStore, 'exportGenotypes' | 'genotyped' | 'personOf'>>;
  readonly consented: (dataset: string, scope: ConsentScope) => Promise<PeopleSet>;
  /** Records a use before anything of it is told. */
  readonly used?: ((dataset: string, people: number) => Promise<void>) | undefined;
}

export interface ExportedPeople {
  /** Who, for `write`. */
  readonly selection: Pick<ExportOptions, 'samples' | 'people'>;
  /** How many were left out because they do not permit secondary use. */
  readonly withheld: number;
}

/** Genotypes of single people, for the operator inside the node: only of those who permit secondary use. */
export class ExportService {
  readonly #options: ExportServiceOptions;

  constructor(options: ExportServiceOptions) {
    this.#options = options;
  }

  /** Of the samples asked for (all with genotypes where omitted), in their order, those who may be exported. */
  async people(dataset: string, asked?: readonly string[]): Promise<ExportedPeople> {
    const genotypes = await this.#options.genotypes(dataset);
    const consented = await this.#options.consented(dataset, 'secondary-use');
    if (asked === undefined) {
      const everyone = genotypes.genotyped();
      const people = everyone.and(consented);
      return { selection: { people }, withheld: everyone.size - people.size };
    }
    // Names that the store does not know stay, so that it refuses them.
    const samples = asked.filter((sample) => {
      const person = genotypes.personOf(sample);
      return person === undefined || consented.has(person);
    });
    return { selection: { samples }, withheld: asked.length - samples.length };
  }

  /** Writes the region as VCF or BCF; throws `genotypes/unknown-sample`. Does not end `out`. */
  async write(dataset: string, interval: Interval, options: ExportOptions, out: Writable): Promise<void> {
    const genotypes = await this.#options.genotypes(dataset);
    await this.#options.used?.(
      dataset,
      options.samples?.length ?? options.people?.size ?? genotypes.genotyped().size,
    );
    await genotypes.exportGenotypes(interval, out, options);
  }
}
