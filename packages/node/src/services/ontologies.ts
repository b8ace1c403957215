import type { Ontology, RecordStore, TermInUse, TermRow } from '../stores/records/records.ts';

export interface OntologyServiceOptions {
  readonly records: RecordStore;
  /** Derives the projections of every dataset anew: an ontology changes what lies below what. */
  readonly rebuildAll: () => Promise<void>;
  readonly now: () => Date;
}

/** The ontologies that terms are understood by. */
export class OntologyService {
  readonly #options: OntologyServiceOptions;
  readonly #filtering = new Map<string, { revision: number; terms: readonly TermInUse[] }>();

  constructor(options: OntologyServiceOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly Ontology[]> {
    return await this.#options.records.ontologies();
  }

  /** By id or alternate id; `undefined` where no loaded ontology has it. */
  async term(id: string): Promise<TermRow | undefined> {
    return await this.#options.records.term(id);
  }

  /** Current terms by label, synonym or beginning of the id, best matches first. */
  async search(text: string, limit: number): Promise<readonly TermRow[]> {
    return await this.#options.records.searchTerms(text, limit);
  }

  /** The terms that a question about the dataset may use, by id. */
  async filteringTerms(dataset: string): Promise<readonly TermInUse[]> {
    const { records } = this.#options;
    const revision = await records.revision(dataset);
    const kept = this.#filtering.get(dataset);
    if (kept?.revision === revision) return kept.terms;
    const terms = await records.termsInUse(dataset);
    this.#filtering.set(dataset, { revision, terms });
    return terms;
  }
}
