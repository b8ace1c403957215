import type { NetworkGene, NetworkTerm } from '@federome/client';
import { EMPTY_QUESTION, type Question } from './question.ts';

/** A question to begin with; `label` is its gene and term, in the network's own words. */
export interface Example {
  readonly question: Question;
  readonly label: string;
}

/** A gene; another with a feature or disease; a feature or disease in one sex. Fewer where the network knows fewer. */
export function examplesOf(genes: readonly NetworkGene[], terms: readonly NetworkTerm[]): Example[] {
  const [first, second = first] = genes;
  const [feature, other = feature] = terms.filter(({ id }) => /^(HP|MONDO|ORDO|Orphanet|OMIM):/i.test(id));
  const about = (gene: NetworkGene) => ({ ...EMPTY_QUESTION, about: gene.symbol, assembly: gene.assembly });
  const examples: Example[] = [];
  if (first !== undefined) examples.push({ label: first.symbol, question: about(first) });
  if (second !== undefined && feature !== undefined) {
    const question = { ...about(second), terms: [feature.id] };
    examples.push({ label: `${second.symbol} · ${feature.label}`, question });
  }
  if (other !== undefined) {
    examples.push({ label: other.label, question: { ...EMPTY_QUESTION, terms: [other.id], sex: 'female' } });
  }
  return examples;
}
