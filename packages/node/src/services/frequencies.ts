import type {
  AlleleCounts,
  CohortExpression,
  ConsentScope,
  Interval,
  PeopleSet,
  Variant,
} from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import { NodeError } from '../errors.ts';
import type { RecordStore } from '../stores/records/records.ts';

/** Exact counts of one normalised biallelic variant in one group. */
export interface FrequencyRow {
  readonly variant: Variant;
  readonly group: string;
  readonly counts: AlleleCounts;
}

export interface Group {
  readonly name: string;
  readonly people: PeopleSet;
}

export interface FrequencyServiceOptions {
  readonly records: RecordStore;
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
  readonly consented: (dataset: string, scope: ConsentScope) => Promise<PeopleSet>;
  readonly evaluate: (dataset: string, expression: CohortExpression) => Promise<PeopleSet>;
}

/** Allele counts of a dataset's groups, for the operator inside the node: exact, and only of those who permit it. */
export class FrequencyService {
  readonly #options: FrequencyServiceOptions;

  constructor(options: FrequencyServiceOptions) {
    this.#options = options;
  }

  /**
   * `all`, then the groups that `by` names: `population`, `sex`, or an ontology term (those with it or a more specific
   * one); each AND-ed with the consent to allele frequencies. Throws `node/bad-request`.
   */
  async groups(dataset: string, by: readonly string[] = []): Promise<readonly Group[]> {
    const consented = await this.#options.consented(dataset, 'allele-frequency');
    const groups: Group[] = [{ name: 'all', people: consented }];
    for (const name of by) {
      for (const group of await this.#groupsBy(dataset, name)) {
        groups.push({ name: group.name, people: group.people.and(consented) });
      }
    }
    return groups;
  }

  /** In genome order, the groups of a variant in theirs. */
  async *rows(
    dataset: string,
    options: { readonly by?: readonly string[] | undefined; readonly interval?: Interval | undefined } = {},
  ): AsyncIterable<FrequencyRow> {
    const groups = await this.groups(dataset, options.by);
    const genotypes = await this.#options.genotypes(dataset);
    const cohorts = groups.map((group) => group.people);
    for await (const { site, counts } of genotypes.frequencies(cohorts, options.interval)) {
      for (let at = 0; at < groups.length; at += 1) {
        yield { variant: site.variant, group: groups[at]!.name, counts: counts[at]! };
      }
    }
  }

  async #groupsBy(dataset: string, by: string): Promise<readonly Group[]> {
    const { evaluate, records } = this.#options;
    if (by === 'population' || by === 'sex') {
      const keys = await records.projectionKeys(dataset, `${by}:`);
      return await Promise.all(
        keys.map(async (key) => ({
          name: key.slice(by.length + 1),
          people: (await records.projection(dataset, key))!,
        })),
      );
    }
    if (/^[A-Za-z][\w.-]*:\S+$/.test(by)) {
      const people = await evaluate(dataset, { op: 'set', set: { kind: 'term', id: by, descendants: true } });
      return [{ name: by, people }];
    }
    throw new NodeError(
      'node/bad-request',
      `'${by}' is no way to group: population, sex or a term such as HP:0001250`,
    );
  }
}
