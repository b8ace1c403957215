import type { SubjectRecord } from '@federome/core';
import type { RecordStore } from '../stores/records/records.ts';
import type { Genotypes } from './datasets.ts';

export interface SubjectServiceOptions {
  readonly records: RecordStore;
  readonly genotypes: (dataset: string) => Promise<Genotypes>;
  readonly now: () => Date;
  readonly rebuild: (dataset: string, transaction: RecordStore) => Promise<void>;
}

/** The records of a dataset's people. */
export class SubjectService {
  readonly #options: SubjectServiceOptions;

  constructor(options: SubjectServiceOptions) {
    this.#options = options;
  }

  async get(dataset: string, id: string): Promise<SubjectRecord | undefined> {
    return await this.#options.records.subject(dataset, id);
  }
}
