import {
  durationDays,
  epochDay,
  type Measurement,
  type OntologyTerm,
  PeopleSet,
  type SubjectRecord,
} from '@federome/core';
import { toCanonical } from '@federome/formats';
import type { AgeRow, MeasurementRow } from '../../stores/records/records.ts';

/** Gathers people under everything that a record says of them. */
export class PeopleByName {
  readonly measurements: MeasurementRow[] = [];
  readonly ages: AgeRow[] = [];
  readonly #terms = new Map<string, number[]>();
  readonly #named = new Map<string, number[]>();
  readonly #labels = new Map<string, string>();
  readonly #resolutions: ReadonlyMap<string, string>;

  /** `resolutions` leads from every identifier that a term ever had to the one that it has now. */
  constructor(resolutions: ReadonlyMap<string, string>) {
    this.#resolutions = resolutions;
  }

  add(person: number, subject: SubjectRecord): void {
    for (const { term, excluded } of subject.observations) if (!excluded) this.#addTerm(person, term);
    if (subject.ethnicity !== undefined) this.#addTerm(person, subject.ethnicity);
    if (subject.geographicOrigin !== undefined) this.#addTerm(person, subject.geographicOrigin);
    for (const measurement of subject.measurements) this.#addMeasurement(person, measurement);
    const birthDay = subject.dateOfBirth === undefined ? undefined : epochDay(subject.dateOfBirth);
    const ageDays =
      subject.ageAtLastEncounter === undefined ? undefined : durationDays(subject.ageAtLastEncounter);
    if (birthDay !== undefined || ageDays !== undefined) this.ages.push({ person, birthDay, ageDays });
    append(this.#named, `sex:${subject.sex}`, person);
    if (subject.population !== undefined) append(this.#named, `population:${subject.population}`, person);
  }

  #addTerm(person: number, term: OntologyTerm): void {
    const id = this.#current(term.id);
    append(this.#terms, id, person);
    if (term.label !== undefined && id === term.id) this.#labels.set(id, term.label);
  }

  #current(id: string): string {
    return this.#resolutions.get(id) ?? id;
  }

  #addMeasurement(person: number, { assay, unit, value }: Measurement): void {
    const canonical = toCanonical(value, unit);
    this.measurements.push({
      person,
      assay: this.#current(assay.id),
      value: canonical.value,
      unit: canonical.unit.id,
    });
  }

  label(id: string): string {
    return this.#labels.get(id) ?? id;
  }

  termSets(): ReadonlyMap<string, PeopleSet> {
    return asSets(this.#terms);
  }

  named(): ReadonlyMap<string, PeopleSet> {
    return asSets(this.#named);
  }
}

function append(lists: Map<string, number[]>, key: string, person: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [person]);
  else list.push(person);
}

function asSets(lists: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, PeopleSet> {
  return new Map([...lists].map(([key, people]) => [key, PeopleSet.of(people)]));
}
