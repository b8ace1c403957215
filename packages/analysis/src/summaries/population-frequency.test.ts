import { expect, test } from 'vitest';
import { mergePopulationFrequencies } from './population-frequency.ts';

const estonia = { population: 'EE', counts: { ac: 40, an: 4_000, hom: 12, het: 16, hemi: 0 } };
const finland = { population: 'FI', counts: { ac: 60, an: 6_000, hom: 20, het: 20, hemi: 0 } };
const italy = { population: 'IT', counts: { ac: 30, an: 3_000 } };

test('frequencies of countries add up to the frequency of the network', () => {
  expect(mergePopulationFrequencies('Total', [estonia, finland])).toEqual({
    population: 'Total',
    counts: { ac: 100, an: 10_000, hom: 32, het: 36, hemi: 0 },
  });
});

test('genotypes that one country withholds are withheld of the sum', () => {
  expect(mergePopulationFrequencies('Total', [estonia, italy]).counts).toEqual({ ac: 70, an: 7_000 });
});

test('nothing adds up to nothing, with no genotypes claimed', () => {
  expect(mergePopulationFrequencies('Total', []).counts).toEqual({ ac: 0, an: 0 });
});
