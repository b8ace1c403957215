import { readOntology } from '@federome/formats';
import type { Ontology, RecordStore, TermInUse, TermRow } from '../stores/records/records.ts';

export interface OntologyServiceOptions {
  readonly records: RecordStore;
  /** Derives the projections of every dataset anew: an ontology changes what lies below what. */
  readonly rebuild: (transaction: RecordStore) => Promise<void>;
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

  /**
   * Loads ontologies or newer versions of them, all of the files or none; terms with the same id are replaced, and every
   * dataset's projections are derived anew. Throws what the reader refuses.
   */
  async add(files: readonly string[]): Promise<readonly Ontology[]> {
    const { records, now, rebuild } = this.#options;
    const read: Awaited<ReturnType<typeof readOntology>>[] = [];
    for (const file of files) read.push(await readOntology(file));
    return await records.transaction(async (transaction) => {
      for (const { id, version, terms } of read) {
        await transaction.putTerms({ id, version }, terms);
        await transaction.appendEvent(
          'ontology-loaded',
          { ontology: id, version, terms: terms.length },
          now().toISOString(),
        );
      }
      await rebuild(transaction);
      return read.map(({ id, version, terms }) => ({ id, version, terms: terms.length }));
    });
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
