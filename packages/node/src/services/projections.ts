import { PeopleSet } from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import type { RecordStore, TermInUse } from '../stores/records/records.ts';

export interface ProjectionServiceOptions {
  readonly records: RecordStore;
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
}

/** Derives from the records of a dataset's people what questions are answered from. */
export class ProjectionService {
  readonly #options: ProjectionServiceOptions;

  constructor(options: ProjectionServiceOptions) {
    this.#options = options;
  }

  /**
   * Rebuilds what was derived before people came or moved, which a process that ended between an ingest and its end may
   * have left behind: the numbers in it would be of nobody.
   */
  async ensureCurrent(dataset: string): Promise<void> {
    const genotypes = await this.#options.genotypes(dataset);
    if (genotypes.blocks().length === 0) return;
    const marker = await this.#options.records.projection(dataset, rosterKey(genotypes));
    if (marker === undefined) await this.rebuild(dataset);
  }

  /** Replaces every projection of the dataset, at once. `store` may be a transaction that has changed its records. */
  async rebuild(dataset: string, store: RecordStore = this.#options.records): Promise<void> {
    const genotypes = await this.#options.genotypes(dataset);
    const { PeopleByName } = await import('./projections/people-by-name.ts');
    await store.transaction(async (transaction) => {
      const parents = await transaction.parents();
      const people = new PeopleByName(await transaction.resolutions());
      for await (const subject of transaction.subjects(dataset)) {
        const person = genotypes.personOf(subject.id);
        if (person !== undefined) people.add(person, subject);
      }
      const direct = people.termSets();
      const below = closeUpwards(direct, parents);
      const labels = await transaction.labels([...below.keys()]);
      await transaction.putProjections(dataset, {
        sets: setsOf(rosterKey(genotypes), direct, below, people.named()),
        measurements: people.measurements,
        ages: people.ages,
        terms: [...below].map(
          ([id, set]): TermInUse => ({ id, label: labels.get(id) ?? people.label(id), people: set.size }),
        ),
      });
    });
  }
}

/** Everyone with a term or one below it, by term: each term's people reach every ancestor of it. */
function closeUpwards(
  direct: ReadonlyMap<string, PeopleSet>,
  parents: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, PeopleSet> {
  const below = new Map<string, PeopleSet>();
  for (const [id, people] of direct) {
    for (const ancestor of ancestorsOf(id, parents)) {
      below.set(ancestor, below.get(ancestor)?.or(people) ?? people);
    }
  }
  return below;
}

/** The term and everything above it; a circle of parents ends where it began. */
function ancestorsOf(id: string, parents: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([id]);
  for (const term of found) for (const parent of parents.get(term) ?? []) found.add(parent);
  return found;
}

/** Names the state of the people's numbers that sets were derived from: between compactions blocks are only added. */
function rosterKey(genotypes: GenotypeQueries): string {
  return `roster:${genotypes.numbering}:${genotypes.blocks().length}`;
}

function* setsOf(
  roster: string,
  direct: ReadonlyMap<string, PeopleSet>,
  below: ReadonlyMap<string, PeopleSet>,
  named: ReadonlyMap<string, PeopleSet>,
): Iterable<readonly [string, PeopleSet]> {
  yield [roster, PeopleSet.EMPTY];
  for (const [id, people] of direct) yield [`term:${id}`, people];
  for (const [id, people] of below) yield [`terms-below:${id}`, people];
  yield* named;
}
