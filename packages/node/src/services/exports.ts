import type { Writable } from 'node:stream';
import type { ConsentScope, Interval, PeopleSet } from '@federome/core';
import type { GenotypeStore } from '@federome/genotypes';

export interface ExportServiceOptions {
  readonly genotypes: (
    dataset: string,
  ) => Promise<Pick<GenotypeStore, 'exportGenotypes' | 'genotyped' | 'personOf' | 'sampleOf'>>;
  readonly consented: (dataset: string, scope: ConsentScope) => Promise<PeopleSet>;
}

export interface ExportedPeople {
  readonly samples: readonly string[];
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
    const samples = asked ?? [...genotypes.genotyped()].map((person) => genotypes.sampleOf(person)!);
    // Names that the store does not know stay, so that it refuses them.
    const permitted = samples.filter((sample) => {
      const person = genotypes.personOf(sample);
      return person === undefined || consented.has(person);
    });
    return { samples: permitted, withheld: samples.length - permitted.length };
  }

  /** Writes the region of these people as VCF; throws `genotypes/unknown-sample`. Does not end `out`. */
  async write(dataset: string, interval: Interval, samples: readonly string[], out: Writable): Promise<void> {
    const genotypes = await this.#options.genotypes(dataset);
    await genotypes.exportGenotypes(interval, out, { samples });
  }
}
