import {
  type CohortExpression,
  type Comparison,
  type ConsentScope,
  canonicalCurie,
  evaluateCohort,
  type NamedSet,
  PeopleSet,
} from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import type { AgeRow, MeasurementRow, RecordStore } from '../stores/records/records.ts';

const DAY_MS = 86_400_000;
const KEPT_SETS = 2_000;

export interface CohortServiceOptions {
  readonly records: RecordStore;
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
  readonly consented: (dataset: string, scope: ConsentScope) => Promise<PeopleSet>;
  /** Makes sure that the projections are of the people as they are numbered now. */
  readonly ensureCurrent: (dataset: string) => Promise<void>;
}

interface Snapshot {
  readonly key: string;
  readonly sets: Map<string, PeopleSet>;
  readonly measurements: Map<string, readonly MeasurementRow[]>;
  ages?: readonly AgeRow[];
}

/** Evaluates cohort expressions over a dataset's projections, exactly. */
export class CohortService {
  readonly #options: CohortServiceOptions;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(options: CohortServiceOptions) {
    this.#options = options;
  }

  /**
   * Who the expression selects; consent only counts where the expression asks for it. `today` decides ages. Names that
   * nothing is known of (a term, a population) select nobody.
   */
  async evaluate(dataset: string, expression: CohortExpression, today: Date): Promise<PeopleSet> {
    const genotypes = await this.#options.genotypes(dataset);
    const snapshot = await this.#snapshot(dataset, genotypes.version);
    return await evaluateCohort(expression, async (set) => {
      if (set.kind === 'everyone') return genotypes.everyone();
      if (set.kind === 'consent') return await this.#options.consented(dataset, set.scope);
      return await this.#known(dataset, snapshot, set, Math.floor(today.getTime() / DAY_MS));
    });
  }

  /** What was looked up since the dataset last changed. */
  async #snapshot(dataset: string, version: number): Promise<Snapshot> {
    const keyNow = async () => `${await this.#options.records.revision(dataset)} ${version}`;
    let snapshot = this.#snapshots.get(dataset);
    if (snapshot?.key !== (await keyNow())) {
      await this.#options.ensureCurrent(dataset);
      snapshot = { key: await keyNow(), sets: new Map(), measurements: new Map() };
      this.#snapshots.set(dataset, snapshot);
    }
    return snapshot;
  }

  async #known(dataset: string, snapshot: Snapshot, set: NamedSet, today: number): Promise<PeopleSet> {
    const key = JSON.stringify(set.kind === 'age' ? { ...set, today } : set);
    const kept = snapshot.sets.get(key);
    if (kept !== undefined) return kept;
    const people = await this.#lookUp(dataset, snapshot, set, today);
    if (snapshot.sets.size >= KEPT_SETS) snapshot.sets.clear();
    snapshot.sets.set(key, people);
    return people;
  }

  async #lookUp(dataset: string, snapshot: Snapshot, set: NamedSet, today: number): Promise<PeopleSet> {
    const { records } = this.#options;
    switch (set.kind) {
      case 'term': {
        const given = canonicalCurie(set.id) ?? set.id;
        const id = (await records.term(given))?.id ?? given;
        return await this.#projection(dataset, `${set.descendants ? 'terms-below' : 'term'}:${id}`);
      }
      case 'sex':
        return await this.#projection(dataset, `sex:${set.sex}`);
      case 'population':
        return await this.#projection(dataset, `population:${set.population}`);
      case 'measurement': {
        const assay = canonicalCurie(set.assay) ?? set.assay;
        const rows = snapshot.measurements.get(assay) ?? (await records.measurements(dataset, assay));
        snapshot.measurements.set(assay, rows);
        const unit = set.unit ?? prevailingUnit(rows);
        const matching = rows.filter(
          (row) => row.unit === unit && compares(row.value, set.comparison, set.value),
        );
        return PeopleSet.of(matching.map((row) => row.person));
      }
      case 'age': {
        snapshot.ages ??= await records.ages(dataset);
        const matching = snapshot.ages.filter((row) => {
          const days = row.birthDay === undefined ? row.ageDays : today - row.birthDay;
          return days !== undefined && compares(days, set.comparison, set.days);
        });
        return PeopleSet.of(matching.map((row) => row.person));
      }
      case 'everyone':
      case 'consent':
        return PeopleSet.EMPTY;
    }
  }

  async #projection(dataset: string, key: string): Promise<PeopleSet> {
    return (await this.#options.records.projection(dataset, key)) ?? PeopleSet.EMPTY;
  }
}

/** The unit that most of an assay's measurements have; of equally many, the first by name. */
function prevailingUnit(rows: readonly MeasurementRow[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { unit } of rows) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

function compares(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case '=':
      return left === right;
    case '!':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
