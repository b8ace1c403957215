import { expect, test } from 'vitest';
import { GRANULARITIES, type VariantQuestion } from './question.ts';
import { namesOneAllele, selectionAnswer } from './selection.ts';

const filters = [{ id: 'HP:0001250' }];
const SNV = { kind: 'sequence', referenceName: '22', start: 10 } as const;
const ALLELE: VariantQuestion = { ...SNV, referenceBases: 'A', alternateBases: 'G' };
const GENE: VariantQuestion = { kind: 'gene', geneId: 'APOL1' };

test('of whole populations everything that is asked for is answered', () => {
  for (const granularity of GRANULARITIES) {
    for (const variant of [ALLELE, GENE]) {
      expect(selectionAnswer({ filters: [], variant, granularity })).toEqual({ granularity, notices: [] });
    }
  }
});

test('within filters a stretch of the genome is answered with yes or no, and the answer says why', () => {
  for (const granularity of ['count', 'record'] as const) {
    const answer = selectionAnswer({ filters, variant: GENE, granularity });
    expect(answer.granularity).toBe('boolean');
    expect(answer.notices[0]).toContain('answered with yes or no');
  }
  expect(selectionAnswer({ filters, granularity: 'count' }).granularity).toBe('boolean');
});

test('within filters a single allele is answered as asked, without frequencies', () => {
  const told = GRANULARITIES.map((granularity) => selectionAnswer({ filters, variant: ALLELE, granularity }));
  expect(told.map(({ granularity }) => granularity)).toEqual([...GRANULARITIES]);
  expect(told.map(({ notices }) => notices.length)).toEqual([0, 0, 1]);
  expect(told[2]?.notices[0]).toContain('frequencies are of whole populations only');
});

test('a question names one allele where both its bases are spelled, or HGVS leaves no choice', () => {
  const hgvs = (change: string): VariantQuestion => ({
    kind: 'hgvs',
    genomicAlleleShortForm: `NC_000022.11:g.${change}`,
  });
  const one = [
    ALLELE,
    { ...SNV, referenceBases: '', alternateBases: 'A' },
    hgvs('100A>G'),
    hgvs('100_102del'),
    hgvs('100_101insA'),
    hgvs('100_102delinsT'),
  ];
  const several = [
    { ...SNV, alternateBases: 'G' },
    { ...SNV, referenceBases: 'A', alternateBases: 'N' },
    { ...SNV, referenceBases: 'N', alternateBases: 'G' },
    { ...SNV, referenceBases: 'A', variantType: 'SNP' as const },
    hgvs('100_102dup'),
    hgvs('nonsense'),
    GENE,
    { kind: 'range' as const, referenceName: '22', start: 10, end: 11 },
  ];
  for (const question of one) expect([question, namesOneAllele(question)]).toEqual([question, true]);
  for (const question of several) expect([question, namesOneAllele(question)]).toEqual([question, false]);
});
