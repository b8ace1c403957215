import type { Assembly } from '@federome/core';
import type { GeneRow, RecordStore } from '../stores/records/records.ts';

export interface GeneServiceOptions {
  readonly records: RecordStore;
}

/** Where genes lie: those that were loaded, else the few that Federome knows by itself. */
export class GeneService {
  readonly #options: GeneServiceOptions;

  constructor(options: GeneServiceOptions) {
    this.#options = options;
  }

  /** By symbol (case-insensitive) or Ensembl id. */
  async find(assembly: Assembly, symbolOrId: string): Promise<GeneRow | undefined> {
    return await this.#options.records.gene(assembly, symbolOrId);
  }

  /** By the beginning of the symbol, shortest first. */
  async search(prefix: string, limit: number): Promise<readonly GeneRow[]> {
    return await this.#options.records.searchGenes(prefix, limit);
  }
}
