import {
  allOf,
  type CohortExpression,
  type ConsentScope,
  type DiscoveryFilter,
  namedSet,
  type PeopleSet,
  type Variant,
} from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';

/** People of one group. */
export interface CountRow {
  readonly group: string;
  readonly people: number;
}

export interface CountOptions {
  /** ANDed; everyone where there is none. */
  readonly filters?: readonly DiscoveryFilter[] | undefined;
  /** Only carriers of at least one copy. */
  readonly variant?: Variant | undefined;
  readonly by?: readonly string[] | undefined;
}

export interface CountServiceOptions {
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
  /** What filters mean to the node; refuses those that it does not understand. */
  readonly resolve: (dataset: string, filters: readonly DiscoveryFilter[]) => Promise<CohortExpression>;
  /** Records a use before anything of it is told. */
  readonly used?: ((dataset: string, people: number) => Promise<void>) | undefined;
  readonly evaluate: (dataset: string, expression: CohortExpression) => Promise<PeopleSet>;
  readonly groups: (
    dataset: string,
    by: readonly string[],
  ) => Promise<readonly { readonly name: string; readonly people: PeopleSet }[]>;
}

const SCOPE: ConsentScope = 'subject-level-query';

/** How many people match, for the operator inside the node: exact, and only of those who permit such questions. */
export class CountService {
  readonly #options: CountServiceOptions;

  constructor(options: CountServiceOptions) {
    this.#options = options;
  }

  /** Group `all`, then those that `by` names. */
  async count(dataset: string, options: CountOptions = {}): Promise<readonly CountRow[]> {
    const { evaluate, genotypes, groups, resolve } = this.#options;
    const cohort = await resolve(dataset, options.filters ?? []);
    const consented = namedSet({ kind: 'consent', scope: SCOPE });
    let people = await evaluate(dataset, allOf(consented, cohort));
    if (options.variant !== undefined) {
      people = people.and(await (await genotypes(dataset)).carriers(options.variant));
    }
    const rows = [{ group: 'all', people: people.size }];
    for (const group of await groups(dataset, options.by ?? [])) {
      rows.push({ group: group.name, people: people.intersectionSize(group.people) });
    }
    await this.#options.used?.(dataset, people.size);
    return rows;
  }
}
