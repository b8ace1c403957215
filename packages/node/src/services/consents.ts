import {
  CONSENT_SCOPES,
  type ConsentDecision,
  type ConsentScope,
  PeopleSet,
  type SourceLocation,
} from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import { NodeError } from '../errors.ts';
import type { ConsentEvent, Dataset, RecordStore } from '../stores/records/records.ts';

export interface ConsentServiceOptions {
  readonly records: RecordStore;
  readonly dataset: (id: string) => Promise<Dataset>;
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
  readonly now: () => Date;
}

type Sets = ReadonlyMap<ConsentScope, PeopleSet>;

/** Who permits what. The latest decision of a person on a scope stands, from the next answer on. */
export class ConsentService {
  readonly #options: ConsentServiceOptions;
  readonly #cache = new Map<string, { readonly key: string; readonly sets: Sets }>();

  constructor(options: ConsentServiceOptions) {
    this.#options = options;
  }

  /** All decisions or, where a subject is unknown (`node/unknown-subject`), none. */
  async set(dataset: string, decisions: readonly ConsentDecision[]): Promise<void> {
    const { records, now } = this.#options;
    await this.#options.dataset(dataset);
    const genotypes = await this.#options.genotypes(dataset);
    for (const { subject } of decisions) {
      if (genotypes.personOf(subject) === undefined) throw unknownSubject(subject);
    }
    const decidedAt = now().toISOString();
    await records.transaction(async (transaction) => {
      await transaction.appendConsents(
        dataset,
        decisions.map((decision) => ({ ...decision, decidedAt })),
      );
      const permits = decisions.filter(({ decision }) => decision === 'permit').length;
      const data = { dataset, permits, denials: decisions.length - permits };
      await transaction.appendEvent('consents-decided', data, decidedAt);
    });
  }

  /**
   * Sets what a table with the columns `subject`, `item` and `decision` says, all of it or nothing. Gives the number of
   * decisions. Throws `node/unknown-subject`, `core/bad-consent`, `formats/missing-column` … with the line.
   */
  async setFromFile(dataset: string, path: string): Promise<number> {
    const genotypes = await this.#options.genotypes(dataset);
    const { readDecisions } = await import('./consents/decision-table.ts');
    const isKnown = (subject: string) => genotypes.personOf(subject) !== undefined;
    const decisions: ConsentDecision[] = [];
    for await (const decision of readDecisions(path, isKnown, unknownSubject)) decisions.push(decision);
    await this.set(dataset, decisions);
    return decisions.length;
  }

  /** The latest decision of every subject and scope that has one. */
  async list(dataset: string): Promise<readonly ConsentEvent[]> {
    await this.#options.dataset(dataset);
    return await this.#options.records.currentConsents(dataset);
  }

  /**
   * Everyone whose consent covers the scope now: everyone but denials where silence is consent (`opt-out`), only permits
   * where it is not (`opt-in`).
   */
  async consented(dataset: string, scope: ConsentScope): Promise<PeopleSet> {
    const { records } = this.#options;
    const genotypes = await this.#options.genotypes(dataset);
    const key = `${await records.revision(dataset)} ${genotypes.version}`;
    const kept = this.#cache.get(dataset);
    const sets = kept?.key === key ? kept.sets : await this.#sets(dataset, genotypes);
    this.#cache.set(dataset, { key, sets });
    return sets.get(scope) ?? PeopleSet.EMPTY;
  }

  async #sets(dataset: string, genotypes: GenotypeQueries): Promise<Sets> {
    const { consentModel } = await this.#options.dataset(dataset);
    const decided: Record<ConsentScope, { permit: number[]; deny: number[] }> = {
      'allele-frequency': { permit: [], deny: [] },
      'subject-level-query': { permit: [], deny: [] },
      'secondary-use': { permit: [], deny: [] },
    };
    for (const { subject, scope, decision } of await this.#options.records.currentConsents(dataset)) {
      const person = genotypes.personOf(subject);
      if (person !== undefined) decided[scope][decision].push(person);
    }
    const everyone = genotypes.everyone();
    const entries = CONSENT_SCOPES.map(
      (scope) =>
        [
          scope,
          consentModel === 'opt-out'
            ? everyone.andNot(PeopleSet.of(decided[scope].deny))
            : everyone.and(PeopleSet.of(decided[scope].permit)),
        ] as const,
    );
    return new Map(entries);
  }
}

function unknownSubject(subject: string, location?: SourceLocation): NodeError {
  return new NodeError('node/unknown-subject', `the dataset has no subject '${subject}'`, {
    location,
    publicMessage: 'no such subject',
  });
}
