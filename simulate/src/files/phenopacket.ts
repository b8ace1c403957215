import type { Measurement, Observation, SubjectRecord } from '@federome/core';
import { ontologyResources } from './ontology.ts';

/** A subject as a Phenopacket 2.0 (GA4GH), in proto-JSON. */
export function phenopacketOf(subject: SubjectRecord): unknown {
  const of = (kind: Observation['kind']): readonly Observation[] =>
    subject.observations.filter((observation) => observation.kind === kind);
  return {
    id: `phenopacket-${subject.id}`,
    subject: {
      id: subject.id,
      dateOfBirth: `${subject.dateOfBirth}T00:00:00Z`,
      vitalStatus: { status: 'ALIVE' },
      sex: subject.sex.toUpperCase(),
      taxonomy: { id: 'NCBITaxon:9606', label: 'Homo sapiens' },
    },
    phenotypicFeatures: of('phenotypicFeature').map((feature) => ({
      type: feature.term,
      ...(feature.excluded ? { excluded: true } : {}),
      ...onset(feature),
    })),
    measurements: subject.measurements.map(measurement),
    diseases: of('disease').map((disease) => ({ term: disease.term, ...onset(disease) })),
    metaData: {
      created: '2026-01-01T00:00:00Z',
      createdBy: 'federome simulate',
      resources: ontologyResources(),
      phenopacketSchemaVersion: '2.0',
    },
  };
}

function onset({ ageOfOnset }: Observation): object {
  return ageOfOnset === undefined ? {} : { onset: { age: { iso8601duration: ageOfOnset } } };
}

function measurement({ assay, value, unit, date }: Measurement): object {
  return {
    assay,
    value: { quantity: { unit: { id: `UCUM:${unit.id}`, label: unit.label }, value } },
    timeObserved: { timestamp: `${date}T00:00:00Z` },
  };
}
