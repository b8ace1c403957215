import { type Observation, type SubjectRecord, sexTerm } from '@federome/core';

/** A subject as an individual of the Beacon v2 default model (Beacon Friendly Format). */
export function beaconIndividual(subject: SubjectRecord): unknown {
  const of = (kind: Observation['kind']): readonly Observation[] =>
    subject.observations.filter((observation) => observation.kind === kind);
  return {
    id: subject.id,
    sex: sexTerm(subject.sex),
    phenotypicFeatures: of('phenotypicFeature').map(({ term, excluded, ageOfOnset }) => ({
      featureType: term,
      ...(excluded ? { excluded } : {}),
      ...(ageOfOnset === undefined ? {} : { onset: { age: { iso8601duration: ageOfOnset } } }),
    })),
    diseases: of('disease').map(({ term, ageOfOnset }) => ({
      diseaseCode: term,
      ...(ageOfOnset === undefined ? {} : { ageOfOnset: { age: { iso8601duration: ageOfOnset } } }),
    })),
    measures: subject.measurements.map(({ assay, value, unit, date }) => ({
      assayCode: assay,
      date,
      measurementValue: { value, unit: { id: `UCUM:${unit.id}`, label: unit.label } },
    })),
    info: { dateOfBirth: subject.dateOfBirth, population: subject.population },
  };
}
