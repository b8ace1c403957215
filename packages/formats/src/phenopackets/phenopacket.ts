import type { Measurement, Observation, Sex, SubjectRecord } from '@federome/core';
import type { Static } from 'typebox';
import { conform, Mismatch, named } from '../json/conform.ts';
import { termOf, unitOf } from './ontology-class.ts';
import { Phenopacket, type Quantity } from './schema.ts';
import { ageOf, dateOf } from './time-element.ts';

type Packet = Static<typeof Phenopacket>;
type Path = readonly string[];

/**
 * The subject of a Phenopacket 2.0 (proto-JSON, parsed). What becomes of its parts:
 *
 * - `phenotypicFeatures` and `diseases` are observations, the excluded ones as excluded;
 * - the disease of an interpretation's diagnosis is a disease of the person where the interpretation is `SOLVED`, which
 *   alone the schema calls a definitive diagnosis, unless `diseases` names the same disease (perhaps as excluded);
 * - `medicalActions` are interventions: procedure, agent of a treatment, modality of a radiation therapy, regimen;
 * - `measurements` with quantities are measurements, each of a complex value under its own type; those whose value is an
 *   ontology class are not numbers and are left out.
 *
 * @throws Mismatch naming the field and what was expected.
 */
export function phenopacketSubject(value: unknown): SubjectRecord {
  const packet = conform(Phenopacket, value);
  const { subject } = packet;
  const dateOfBirth =
    subject.dateOfBirth === undefined || subject.dateOfBirth === ''
      ? undefined
      : dateOf(subject.dateOfBirth, ['subject', 'dateOfBirth']);
  const stated = [...features(packet, dateOfBirth), ...diseases(packet, dateOfBirth)];
  return {
    id: subject.id.trim(),
    sex: enumerated(subject.sex, SEXES, ['subject', 'sex']),
    dateOfBirth,
    ageAtLastEncounter: ageOf(subject.timeAtLastEncounter, dateOfBirth, ['subject', 'timeAtLastEncounter']),
    vitalStatus: enumerated(subject.vitalStatus?.status, VITAL_STATUSES, [
      'subject',
      'vitalStatus',
      'status',
    ]),
    observations: [...stated, ...diagnoses(packet, stated), ...interventions(packet)],
    measurements: measurements(packet),
  };
}

// Values of the enumerations by name and by number; the first is the default of an absent field.
const SEXES: readonly (readonly [string, Sex])[] = [
  ['UNKNOWN_SEX', 'unknown'],
  ['FEMALE', 'female'],
  ['MALE', 'male'],
  ['OTHER_SEX', 'other'],
];
const VITAL_STATUSES: readonly (readonly [string, SubjectRecord['vitalStatus']])[] = [
  ['UNKNOWN_STATUS', undefined],
  ['ALIVE', 'alive'],
  ['DECEASED', 'deceased'],
];
const PROGRESS: readonly (readonly [string, string])[] = [
  'UNKNOWN_PROGRESS',
  'IN_PROGRESS',
  'COMPLETED',
  'SOLVED',
  'UNSOLVED',
].map((name) => [name, name]);

function enumerated<T>(text: string | undefined, values: readonly (readonly [string, T])[], path: Path): T {
  const wanted = text === undefined || text === '' ? '0' : text.trim().toUpperCase();
  const found = values.find(([name], number) => name === wanted || String(number) === wanted);
  if (found !== undefined) return found[1];
  const names = values.map(([name]) => name).join(', ');
  throw new Mismatch(path, `${named(path)} must be one of ${names}, not "${text}"`);
}

function features(packet: Packet, birth: string | undefined): readonly Observation[] {
  return (packet.phenotypicFeatures ?? []).map((feature, index) => {
    const path = ['phenotypicFeatures', String(index)];
    return {
      kind: 'phenotypicFeature',
      term: termOf(feature.type, [...path, 'type']),
      excluded: feature.excluded ?? false,
      ageOfOnset: ageOf(feature.onset, birth, [...path, 'onset']),
    };
  });
}

function diseases(packet: Packet, birth: string | undefined): readonly Observation[] {
  return (packet.diseases ?? []).map((disease, index) => {
    const path = ['diseases', String(index)];
    return {
      kind: 'disease',
      term: termOf(disease.term, [...path, 'term']),
      excluded: disease.excluded ?? false,
      ageOfOnset: ageOf(disease.onset, birth, [...path, 'onset']),
    };
  });
}

function diagnoses(packet: Packet, stated: readonly Observation[]): readonly Observation[] {
  const known = new Set(stated.filter(({ kind }) => kind === 'disease').map(({ term }) => term.id));
  const found: Observation[] = [];
  for (const [index, { progressStatus, diagnosis }] of (packet.interpretations ?? []).entries()) {
    const path = ['interpretations', String(index)];
    const progress = enumerated(progressStatus, PROGRESS, [...path, 'progressStatus']);
    if (diagnosis?.disease === undefined) continue;
    const term = termOf(diagnosis.disease, [...path, 'diagnosis', 'disease']);
    if (progress !== 'SOLVED' || known.has(term.id)) continue;
    known.add(term.id);
    found.push({ kind: 'disease', term, excluded: false });
  }
  return found;
}

function interventions(packet: Packet): readonly Observation[] {
  return (packet.medicalActions ?? []).flatMap((action, index) => {
    const coded = [
      ['procedure', 'code', action.procedure?.code],
      ['treatment', 'agent', action.treatment?.agent],
      ['radiationTherapy', 'modality', action.radiationTherapy?.modality],
      ['therapeuticRegimen', 'ontologyClass', action.therapeuticRegimen?.ontologyClass],
    ] as const;
    return coded.flatMap(([message, field, term]) =>
      term === undefined ? [] : [intervention(term, ['medicalActions', String(index), message, field])],
    );
  });
}

function intervention(term: Parameters<typeof termOf>[0], path: Path): Observation {
  return { kind: 'intervention', term: termOf(term, path), excluded: false };
}

function measurements(packet: Packet): readonly Measurement[] {
  return (packet.measurements ?? []).flatMap(({ assay, value, complexValue, timeObserved }, index) => {
    const path = ['measurements', String(index)];
    const seen = timeObserved?.timestamp;
    const date = seen === undefined ? undefined : dateOf(seen, [...path, 'timeObserved', 'timestamp']);
    const measured = (type: typeof assay, quantity: Static<typeof Quantity>, at: Path, typeAt: Path) => ({
      assay: termOf(type, typeAt),
      value: quantity.value,
      unit: unitOf(quantity.unit, [...at, 'unit']),
      date,
    });
    const simple =
      value?.quantity === undefined
        ? []
        : [measured(assay, value.quantity, [...path, 'value', 'quantity'], [...path, 'assay'])];
    const typed = (complexValue?.typedQuantities ?? []).map(({ type, quantity }, number) => {
      const at = [...path, 'complexValue', 'typedQuantities', String(number)];
      return measured(type, quantity, [...at, 'quantity'], [...at, 'type']);
    });
    return [...simple, ...typed];
  });
}
