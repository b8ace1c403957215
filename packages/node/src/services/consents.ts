import {
  CONSENT_SCOPES,
  type ConsentDecision,
  type ConsentScope,
  CoreError,
  PeopleSet,
  parseConsentDecision,
  parseConsentItem,
  type SourceLocation,
} from '@federome/core';
import { FormatError, openInput, openTable, type Table, utf8Text } from '@federome/formats';
import type { GenotypeQueries } from '@federome/genotypes';
import { NodeError } from '../errors.ts';
import type { ConsentEvent, Dataset, RecordStore } from '../stores/records/records.ts';

export interface ConsentServiceOptions {
  readonly records: RecordStore;
  readonly dataset: (id: string) => Promise<Dataset>;
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
  readonly now: () => Date;
}

const COLUMNS = ['subject', 'item', 'decision'];

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
    const decisions: ConsentDecision[] = [];
    for await (const decision of readDecisions(
      path,
      (subject) => genotypes.personOf(subject) !== undefined,
    )) {
      decisions.push(decision);
    }
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

async function* readDecisions(
  path: string,
  isKnown: (subject: string) => boolean,
): AsyncIterable<ConsentDecision> {
  const table = await openTable(utf8Text((await openInput(path)).chunks, path), path);
  const [subjectAt, itemAt, decisionAt] = COLUMNS.map((name) => {
    const at = table.columns.findIndex((column) => column.toLowerCase() === name);
    if (at < 0) throw missingColumn(name, table);
    return at;
  });
  for await (const { cells, line } of table.rows) {
    const location = { file: path, line };
    const subject = cells[subjectAt!]!.trim();
    if (!isKnown(subject)) throw unknownSubject(subject, location);
    try {
      const decision = parseConsentDecision(cells[decisionAt!]!);
      for (const scope of parseConsentItem(cells[itemAt!]!)) yield { subject, scope, decision };
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
      throw new CoreError(cause.code, cause.message, { location, cause });
    }
  }
}

function missingColumn(name: string, { columns, file, headerLine }: Table): FormatError {
  return new FormatError(
    'formats/missing-column',
    `has no column '${name}' (expected ${COLUMNS.join(', ')}; found ${columns.join(', ')})`,
    { location: { file, line: headerLine } },
  );
}

function unknownSubject(subject: string, location?: SourceLocation): NodeError {
  return new NodeError('node/unknown-subject', `the dataset has no subject '${subject}'`, {
    location,
    publicMessage: 'no such subject',
  });
}
