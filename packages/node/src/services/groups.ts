import { type CohortExpression, canonicalCurie, type PeopleSet, SEXES } from '@federome/core';
import { NodeError } from '../errors.ts';
import type { RecordStore } from '../stores/records/records.ts';

/** People of a dataset under the name by which a table shows them. */
export interface Group {
  readonly name: string;
  readonly people: PeopleSet;
}

export interface GroupServiceOptions {
  readonly records: RecordStore;
  /** Makes sure that the projections are of the people as they are numbered now. */
  readonly ensureCurrent: (dataset: string) => Promise<void>;
  readonly evaluate: (dataset: string, expression: CohortExpression) => Promise<PeopleSet>;
}

/** The groups that an operator divides a dataset into. */
export class GroupService {
  readonly #options: GroupServiceOptions;

  constructor(options: GroupServiceOptions) {
    this.#options = options;
  }

  /**
   * The groups that each of `by` names: `population` and `sex` give one for every value that occurs, an ontology term
   * those who have it or a more specific one. Throws `node/bad-request`.
   */
  async groups(dataset: string, by: readonly string[]): Promise<readonly Group[]> {
    if (by.length > 0) await this.#options.ensureCurrent(dataset);
    const groups: Group[] = [];
    for (const name of by) groups.push(...(await this.#groupsBy(dataset, name)));
    const names = new Set(groups.map((group) => group.name));
    if (names.size < groups.length) {
      throw new NodeError(
        'node/bad-request',
        'two groups would have the same name: ask for them one at a time',
      );
    }
    return groups;
  }

  async #groupsBy(dataset: string, by: string): Promise<readonly Group[]> {
    const { evaluate, records } = this.#options;
    const group = async (name: string, set: Parameters<typeof named>[0]) => ({
      name,
      people: await evaluate(dataset, named(set)),
    });
    if (by === 'population') {
      const keys = await records.projectionKeys(dataset, 'population:');
      const populations = keys.map((key) => key.slice('population:'.length));
      return await Promise.all(
        populations.map((population) => group(population, { kind: 'population', population })),
      );
    }
    if (by === 'sex') {
      const keys = await records.projectionKeys(dataset, 'sex:');
      const sexes = SEXES.filter((sex) => keys.includes(`sex:${sex}`));
      return await Promise.all(sexes.map((sex) => group(sex, { kind: 'sex', sex })));
    }
    const id = canonicalCurie(by);
    if (id === undefined) {
      throw new NodeError(
        'node/bad-request',
        `'${by}' is no way to group: expected population, sex or a term such as HP:0001250`,
      );
    }
    return [await group(id, { kind: 'term', id, descendants: true })];
  }
}

function named(set: Extract<CohortExpression, { op: 'set' }>['set']): CohortExpression {
  return { op: 'set', set };
}
