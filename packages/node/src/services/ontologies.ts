import type { Ontology as ReadOntology } from '@federome/formats';
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
   * Loads ontologies or newer versions of them, all of the files or none; terms with the same id are replaced, but not
   * by what another ontology imports of a vocabulary that is loaded itself: imports are excerpts. Every dataset's
   * projections are derived anew. Gives how many terms of each were taken. Throws what the reader refuses.
   */
  async add(files: readonly string[]): Promise<readonly Ontology[]> {
    const { records, now, rebuild } = this.#options;
    const { readOntology } = await import('@federome/formats');
    const read: ReadOntology[] = [];
    for (const file of files) read.push(await readOntology(file));
    return await records.transaction(async (transaction) => {
      const added: Ontology[] = [];
      for (const { id, version, terms: all } of read) {
        const terms = await withoutImports(all, transaction);
        added.push({ id, version, terms: terms.length });
        await transaction.putTerms({ id, version }, terms);
        await transaction.appendEvent(
          'ontology-loaded',
          { ontology: id, version, terms: terms.length },
          now().toISOString(),
        );
      }
      await rebuild(transaction);
      return added;
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

/** The terms without those of a foreign prefix that an ontology of that prefix has brought already. */
async function withoutImports(terms: readonly TermRow[], records: RecordStore): Promise<readonly TermRow[]> {
  const loaded = await records.prefixes();
  if (loaded.size === 0) return terms;
  const known = await records.resolutions();
  const own = mainPrefix(terms);
  return terms.filter(({ id }) => prefixOf(id) === own || !loaded.has(prefixOf(id)) || !known.has(id));
}

function mainPrefix(terms: readonly TermRow[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { id } of terms) counts.set(prefixOf(id), (counts.get(prefixOf(id)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function prefixOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(':')));
}
