import type { NetworkQuestion, VariantParameters } from '@federome/client';
import { CONDITIONS, type CountryTruth, PLANTED, type PlantedVariant } from '@federome/simulate';

/** A question with its wording and how it is put in the portal. */
export interface DemoQuestion {
  readonly text: string;
  readonly inPortal: string;
  readonly question: NetworkQuestion;
}

const LACTASE = 'rs4988235';
const CARDIOVASCULAR = 'HP:0001626';
const FEMALE = 'NCIT:C16576';

/** Three questions whose answers the planted truth makes interesting, for the countries that take part. */
export function demoQuestions(truth: readonly CountryTruth[]): readonly DemoQuestion[] {
  const lactase = PLANTED.find(({ id }) => id === LACTASE)!;
  const { variant, term } = mostFrequentDisease(truth);
  return [
    {
      text: `How common is ${lactase.name}, from country to country?`,
      inPortal: `variant ${nameOf(lactase)}`,
      question: { variant: parametersOf(lactase) },
    },
    {
      text: `Who carries ${variant.name} and has the disease that it causes (${term})?`,
      inPortal: `variant ${nameOf(variant)}, phenotype or disease ${term}`,
      question: { variant: parametersOf(variant), filters: [{ id: term }] },
    },
    {
      text: 'How many women from 60 have any disease of heart and vessels (with all more specific terms)?',
      inPortal: `phenotype ${CARDIOVASCULAR}, sex female, age from 60`,
      question: {
        filters: [{ id: CARDIOVASCULAR }, { id: FEMALE }, { id: 'age', operator: '>=', value: 'P60Y' }],
      },
    },
  ];
}

/** `2-135851076-G-A`, as people write it. */
export function nameOf({ contig, position, ref, alt }: PlantedVariant): string {
  return `${contig}-${position + 1}-${ref}-${alt}`;
}

export function parametersOf({ contig, position, ref, alt }: PlantedVariant): VariantParameters {
  return {
    assemblyId: 'GRCh38',
    referenceName: contig,
    start: [position],
    referenceBases: ref,
    alternateBases: alt,
  };
}

/** Of the recessive diseases with one cause, the one that most people of one country have. */
function mostFrequentDisease(truth: readonly CountryTruth[]): { variant: PlantedVariant; term: string } {
  const candidates = CONDITIONS.flatMap(({ term, mode, variants }) => {
    const ids = Object.keys(variants);
    if (mode !== 'recessive' || ids.length !== 1) return [];
    const people = Math.max(...truth.map(({ terms }) => terms[term] ?? 0));
    return [{ term, variant: PLANTED.find(({ id }) => id === ids[0])!, people }];
  });
  return candidates.reduce((best, each) => (each.people > best.people ? each : best));
}
