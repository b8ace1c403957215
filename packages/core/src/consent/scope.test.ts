import { expect, test } from 'vitest';
import { CONSENT_SCOPES, parseConsentDecision, parseConsentItem } from './scope.ts';

test('the three consents are read under the names that forms use', () => {
  for (const text of ['allele-frequency', 'Allele frequencies', 'allele_frequency_calculation']) {
    expect(parseConsentItem(text)).toEqual(['allele-frequency']);
  }
  expect(parseConsentItem(' Subject-level query ')).toEqual(['subject-level-query']);
  expect(parseConsentItem('secondary_use')).toEqual(['secondary-use']);
  expect(parseConsentItem('all')).toEqual(CONSENT_SCOPES);
});

test.each(['', 'everything', 'constructor', 'secondary'])('%j names no consent', (text) => {
  expect(() => parseConsentItem(text)).toThrowError(expect.objectContaining({ code: 'core/bad-consent' }));
});

test('a decision permits or denies; silence and doubt are neither', () => {
  expect(['permit', 'Grant', 'YES'].map(parseConsentDecision)).toEqual(['permit', 'permit', 'permit']);
  expect(['deny', 'withdraw', 'no'].map(parseConsentDecision)).toEqual(['deny', 'deny', 'deny']);
  for (const text of ['', 'maybe', '1'])
    expect(() => parseConsentDecision(text)).toThrowError(/permit or deny/);
});
