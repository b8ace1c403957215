import type { NetworkGene, NetworkTerm } from '@federome/client';
import { expect, test } from 'vitest';
import { examplesOf } from './examples-of.ts';
import { problemOf } from './question.ts';

const gene = (symbol: string): NetworkGene => ({
  symbol,
  assembly: 'GRCh37',
  contig: '22',
  start: 0,
  end: 100,
});
const sex: NetworkTerm = { id: 'NCIT:C16576', label: 'Female', type: 'ontology' };
const seizure: NetworkTerm = { id: 'HP:0001250', label: 'Seizure', type: 'ontology' };

test('examples are made of what the network knows, in its assembly, and can all be asked', () => {
  const examples = examplesOf([gene('APOL1'), gene('CHEK2')], [sex, seizure]);
  expect(examples.map(({ label }) => label)).toEqual(['APOL1', 'CHEK2 · Seizure', 'Seizure']);
  expect(examples.map(({ question }) => problemOf(question))).toEqual([undefined, undefined, undefined]);
  expect(examples[0]?.question).toEqual({ about: 'APOL1', assembly: 'GRCh37', terms: [] });
});

test('a network that knows little gives fewer examples, and one that knows nothing none', () => {
  expect(examplesOf([gene('APOL1')], []).map(({ label }) => label)).toEqual(['APOL1']);
  expect(examplesOf([], [seizure]).map(({ label }) => label)).toEqual(['Seizure']);
  expect(examplesOf([], [sex])).toEqual([]);
});
