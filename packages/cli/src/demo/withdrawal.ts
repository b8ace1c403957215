import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BeaconFilter, NetworkAnswer, NetworkQuestion } from '@federome/client';
import {
  allOf,
  type CohortExpression,
  discloseCount,
  namedSet,
  type PeopleSet,
  sexTerm,
} from '@federome/core';
import { type FederomeNode, openNode } from '@federome/node';
import { PLANTED, type PlantedVariant } from '@federome/simulate';
import { countText } from './answer-table.ts';
import type { NationalNode } from './national-node.ts';
import { nameOf, parametersOf } from './questions.ts';

/** A citizen whose withdrawal changes what the network answers to a question. */
export interface Withdrawal {
  readonly node: NationalNode;
  readonly subject: string;
  readonly text: string;
  readonly question: NetworkQuestion;
  /** The number of that country in an answer, as it was disclosed. */
  readonly shown: (answer: NetworkAnswer) => string;
}

/** Looked at in this order; their copies are many enough to be shown, and few enough for one to be seen. */
const FREQUENCY_VARIANTS = ['rs1800562', 'rs28929474', 'rs429358', 'rs4988235'];

/**
 * Finds such a citizen as the operator of each node can: somebody who is counted now, where the number that leaves the
 * node is another one without them. First among carriers of a variant whose frequency is shown, else, in small datasets,
 * among people with a term whose count stands on an edge of rounding.
 */
export async function findWithdrawal(
  nodes: readonly NationalNode[],
  terms: readonly string[],
): Promise<Withdrawal | undefined> {
  for (const find of [carrierToWithdraw, personToWithdraw]) {
    for (const node of nodes) {
      const open = await openNode(node.home);
      try {
        const found = await find(node, open, terms);
        if (found !== undefined) return found;
      } finally {
        await open.close();
      }
    }
  }
  return undefined;
}

/** The file that `federome consent set` reads. */
export async function writeWithdrawal(directory: string, subject: string): Promise<string> {
  const file = join(directory, 'withdrawal.csv');
  await writeFile(file, `subject,item,decision\n${subject},all,deny\n`);
  return file;
}

async function carrierToWithdraw(node: NationalNode, open: FederomeNode): Promise<Withdrawal | undefined> {
  const { frequencyMinorCount, frequencyMinPeople } = open.config.disclosure;
  const genotypes = await open.datasets.genotypes(node.dataset);
  const consented = await open.consents.consented(node.dataset, 'allele-frequency');
  if (consented.size <= frequencyMinPeople) return undefined;
  for (const id of FREQUENCY_VARIANTS) {
    const variant = PLANTED.find((each) => each.id === id)!;
    const [counts] = await genotypes.count(variant, [consented]);
    // One person fewer must still be shown, with two copies fewer at most.
    if (counts === undefined || Math.min(counts.ac, counts.an - counts.ac) < frequencyMinorCount + 2)
      continue;
    const subject = firstOf((await genotypes.carriers(variant)).and(consented), genotypes);
    if (subject !== undefined) return frequencyWithdrawal(node, subject, variant, open.config.id);
  }
  return undefined;
}

function frequencyWithdrawal(
  node: NationalNode,
  subject: string,
  variant: PlantedVariant,
  member: string,
): Withdrawal {
  return {
    node,
    subject,
    text: `The frequency of ${variant.name} (${nameOf(variant)}) in ${node.name}`,
    question: { variant: parametersOf(variant) },
    shown: (answer) => {
      const found = answer.variants[0]?.byMember.find(
        (each) => each.member === member && !each.population.includes('_'),
      )?.frequency;
      if (found?.kind !== 'shown') return 'withheld';
      return `${found.counts.ac} of ${found.counts.an} alleles`;
    },
  };
}

async function personToWithdraw(
  node: NationalNode,
  open: FederomeNode,
  terms: readonly string[],
): Promise<Withdrawal | undefined> {
  const policy = open.config.disclosure;
  const genotypes = await open.datasets.genotypes(node.dataset);
  const consented = await open.consents.consented(node.dataset, 'subject-level-query');
  for (const { text, filters, cohort } of terms.flatMap(countQuestions)) {
    const people = (await open.cohorts.evaluate(node.dataset, cohort, new Date())).and(consented);
    const [now, then] = [discloseCount(people.size, policy), discloseCount(people.size - 1, policy)];
    const subject = countText(now) === countText(then) ? undefined : firstOf(people, genotypes);
    if (subject === undefined) continue;
    return {
      node,
      subject,
      text: `The number of ${text} in ${node.name}`,
      question: { filters },
      shown: (answer) => countText(answer.members.find((each) => each.id === open.config.id)?.people),
    };
  }
  return undefined;
}

interface CountQuestion {
  readonly text: string;
  readonly filters: readonly BeaconFilter[];
  readonly cohort: CohortExpression;
}

/** Of everyone with a term, of the women and of the men. */
function countQuestions(id: string): readonly CountQuestion[] {
  const withTerm = namedSet({ kind: 'term', id, descendants: true });
  const of = (sex: 'female' | 'male', text: string): CountQuestion => ({
    text: `${text} with ${id}`,
    filters: [{ id }, { id: sexTerm(sex).id }],
    cohort: allOf(withTerm, namedSet({ kind: 'sex', sex })),
  });
  return [
    { text: `people with ${id}`, filters: [{ id }], cohort: withTerm },
    of('female', 'women'),
    of('male', 'men'),
  ];
}

function firstOf(
  people: PeopleSet,
  genotypes: { sampleOf(person: number): string | undefined },
): string | undefined {
  for (const person of people) return genotypes.sampleOf(person);
  return undefined;
}
