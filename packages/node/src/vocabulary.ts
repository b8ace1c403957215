import type { OntologyTerm, SourceLocation, SubjectRecord } from '@federome/core';
import { NodeError } from './errors.ts';
import type { RecordStore } from './stores/records/records.ts';

/** Checks the terms of records against the loaded ontologies, and gives each its current identifier. */
export class TermResolver {
  readonly #resolutions: ReadonlyMap<string, string>;
  readonly #prefixes: ReadonlySet<string>;

  private constructor(resolutions: ReadonlyMap<string, string>, prefixes: ReadonlySet<string>) {
    this.#resolutions = resolutions;
    this.#prefixes = prefixes;
  }

  /** With `unknown: 'accept'`, terms that a loaded ontology does not know pass as they are. */
  static async of(records: RecordStore, unknown: 'refuse' | 'accept' = 'refuse'): Promise<TermResolver> {
    const prefixes = unknown === 'refuse' ? await records.prefixes() : new Set<string>();
    return new TermResolver(await records.resolutions(), prefixes);
  }

  /**
   * The record with every term under its primary identifier. Throws `node/unknown-term` for one whose prefix belongs to
   * a loaded ontology that does not know it; terms of vocabularies that are not loaded pass as they are.
   */
  resolve(subject: SubjectRecord, location: SourceLocation): SubjectRecord {
    const term = (given: OntologyTerm) => this.term(given, location);
    const optional = (given: OntologyTerm | undefined) => (given === undefined ? undefined : term(given));
    return {
      ...subject,
      ethnicity: optional(subject.ethnicity),
      geographicOrigin: optional(subject.geographicOrigin),
      observations: subject.observations.map((each) => ({ ...each, term: term(each.term) })),
      measurements: subject.measurements.map((each) => ({ ...each, assay: term(each.assay) })),
    };
  }

  /** See `resolve`. */
  term(given: OntologyTerm, location?: SourceLocation | undefined): OntologyTerm {
    const id = this.#resolutions.get(given.id);
    if (id === given.id) return given;
    if (id !== undefined) return { id };
    const prefix = given.id.slice(0, given.id.indexOf(':'));
    if (!this.#prefixes.has(prefix)) return given;
    throw new NodeError(
      'node/unknown-term',
      `${given.id} is not a term of the loaded ${prefix} ontology (a newer version of it may know it)`,
      {
        location,
        publicMessage: `${given.id} is not a known term`,
      },
    );
  }
}
