import type { BeaconFilter, NetworkQuestion, VariantParameters } from '@federome/client';
import { type Assembly, sexTerm } from '@federome/core';
import { readVariantText, type VariantReading } from './variant-text.ts';

/** Sexes that a question can be narrowed to. */
export const ASKED_SEXES = ['female', 'male', 'other'] as const;
export type AskedSex = (typeof ASKED_SEXES)[number];

export const OLDEST_AGE = 120;

/** A question as a person composes it and as the address holds it. */
export interface Question {
  /** Gene, variant or range as it was written; may be empty. */
  readonly about: string;
  readonly assembly: Assembly;
  /** CURIEs; people must have all of them, each itself or a more specific one. */
  readonly terms: readonly string[];
  readonly sex?: AskedSex | undefined;
  /** Completed years, both ends in. */
  readonly ageFrom?: number | undefined;
  readonly ageTo?: number | undefined;
}

export const EMPTY_QUESTION: Question = { about: '', assembly: 'GRCh38', terms: [] };

/** Why a question cannot be asked yet; `about` stands for a problem of the gene or variant. */
export type QuestionProblem = 'nothing-asked' | 'about' | 'ages-reversed';

export function problemOf(question: Question): QuestionProblem | undefined {
  const reading = readVariantText(question.about, question.assembly);
  if (reading.kind === 'problem') return 'about';
  const { ageFrom, ageTo } = question;
  if (ageFrom !== undefined && ageTo !== undefined && ageFrom > ageTo) return 'ages-reversed';
  if (reading.kind === 'empty' && filtersOf(question).length === 0) return 'nothing-asked';
  return undefined;
}

/** The question in the network's terms: Beacon v2 parameters and filters; `undefined` where it cannot be asked. */
export function networkQuestionOf(question: Question): NetworkQuestion | undefined {
  if (problemOf(question) !== undefined) return undefined;
  const reading = readVariantText(question.about, question.assembly);
  const filters = filtersOf(question);
  return {
    ...(reading.kind !== 'empty' &&
      reading.kind !== 'problem' && { variant: parametersOf(reading, question.assembly) }),
    ...(filters.length > 0 && { filters }),
  };
}

function parametersOf(
  reading: Exclude<VariantReading, { kind: 'empty' }>,
  assemblyId: Assembly,
): VariantParameters {
  switch (reading.kind) {
    case 'gene':
      return { assemblyId, geneId: reading.symbol };
    case 'range':
      return { assemblyId, referenceName: reading.contig, start: [reading.start], end: [reading.end] };
    case 'variant':
      return {
        assemblyId,
        referenceName: reading.contig,
        start: [reading.position],
        referenceBases: reading.ref,
        alternateBases: reading.alt,
      };
  }
}

// Whoever is 65 is not yet 66: the upper end is asked as younger than the year after.
function filtersOf({ terms, sex, ageFrom, ageTo }: Question): BeaconFilter[] {
  return [
    ...terms.map((id): BeaconFilter => ({ id, includeDescendantTerms: true })),
    ...(sex === undefined ? [] : [{ id: sexTerm(sex).id }]),
    ...(ageFrom === undefined ? [] : [{ id: 'age', operator: '>=' as const, value: `P${ageFrom}Y` }]),
    ...(ageTo === undefined ? [] : [{ id: 'age', operator: '<' as const, value: `P${ageTo + 1}Y` }]),
  ];
}
