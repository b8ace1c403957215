import { parseGenomicHgvs } from '../variants/hgvs.ts';
import type { DiscoveryQuestion, Granularity, VariantQuestion } from './question.ts';

/** What may be said of variants within a selection of people. */
export interface SelectionAnswer {
  readonly granularity: Granularity;
  /** Why it is less than what was asked for. */
  readonly notices: readonly string[];
}

const NO_FREQUENCIES =
  'frequencies are of whole populations only and withheld within filters: ask again without filters';
const YES_OR_NO =
  'within filters, which variants there are and how many is told of none but a single allele named by its bases: answered with yes or no';

/** Whether a question selects people, so that its answer is about fewer than whole populations. */
export function selectsPeople(question: Pick<DiscoveryQuestion, 'filters'>): boolean {
  return question.filters.length > 0;
}

/**
 * What a question about variants may be answered with: as asked about whole populations; within filters yes or no of
 * whatever can be several alleles, and of a single one its record without frequencies. Depends on the question only,
 * never on the data (docs/decisions/0006-no-frequencies-of-selections.md).
 */
export function selectionAnswer(
  question: Pick<DiscoveryQuestion, 'filters' | 'variant' | 'granularity'>,
): SelectionAnswer {
  const { granularity, variant } = question;
  if (!selectsPeople(question) || granularity === 'boolean') return { granularity, notices: [] };
  if (variant === undefined || !namesOneAllele(variant)) {
    return { granularity: 'boolean', notices: [YES_OR_NO, ...frequencyNotice(granularity)] };
  }
  return { granularity, notices: frequencyNotice(granularity) };
}

function frequencyNotice(granularity: Granularity): readonly string[] {
  return granularity === 'record' ? [NO_FREQUENCIES] : [];
}

/** Whether a question can only mean one normalised allele, whatever the data holds. */
export function namesOneAllele(question: VariantQuestion): boolean {
  if (question.kind === 'sequence') {
    const { referenceBases, alternateBases } = question;
    return [referenceBases, alternateBases].every((bases) => bases !== undefined && !bases.includes('N'));
  }
  if (question.kind !== 'hgvs') return false;
  // A duplication is recognised as an insertion at either end of its stretch, and as a symbolic allele.
  const kind = parseGenomicHgvs(question.genomicAlleleShortForm)?.change.kind;
  return kind !== undefined && kind !== 'duplication';
}
