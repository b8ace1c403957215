import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Identity } from '../access/requester.ts';
import { matchesPattern } from './conditions.ts';
import { linkedTo, readLinkedIdentities, sameIdentity, writeLinkedIdentities } from './linked-identities.ts';
import { holderOf } from './policy.ts';

const identity = fc.record({ issuer: fc.string({ minLength: 1 }), subject: fc.string({ minLength: 1 }) });

test('a pattern means what the like regular expression means', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'ab?*'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom(...'ab?*'), maxLength: 10 });
  fc.assert(
    fc.property(letters, text, (pattern, value) => {
      const parts = [...pattern].map((letter) => (letter === '*' ? '.*' : letter === '?' ? '.' : letter));
      expect(matchesPattern(pattern, value)).toBe(new RegExp(`^${parts.join('')}$`).test(value));
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern made to take long takes few steps', () => {
  const text = `${'a'.repeat(1_000)}b`;
  expect(matchesPattern(`${'*a'.repeat(500)}c`, text)).toBe(false);
});

test('linked identities come back as they were written, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(identity, { minLength: 1, maxLength: 20 }), (identities) => {
      expect(readLinkedIdentities(writeLinkedIdentities(identities))).toEqual(identities);
    }),
  );
});

test('the example of Passport 1.2 is read', () => {
  const value = '123456,https%3A%2F%2Fexample.org%2Fa%7Cb%2Cc;7890,https%3A%2F%2Fexample2.org';
  expect(readLinkedIdentities(value)).toEqual([
    { subject: '123456', issuer: 'https://example.org/a|b,c' },
    { subject: '7890', issuer: 'https://example2.org' },
  ]);
});

test.each(['', 'a', 'a,', ',b', 'a,b,c', 'a,b;', 'a,%', 'a, b', Array(21).fill('a,b').join(';')])(
  'linked identities %j are refused',
  (value) =>
    expect(() => readLinkedIdentities(value)).toThrow(expect.objectContaining({ code: 'malformed-claim' })),
);

test('who is one person does not depend on the order of the links, and is nobody beyond them', () => {
  const few = fc.integer({ min: 0, max: 7 }).map((n): Identity => ({ issuer: 'i', subject: String(n) }));
  const link = fc.record({ identities: fc.array(few, { minLength: 1, maxLength: 3 }) });
  fc.assert(
    fc.property(few, fc.array(link, { maxLength: 8 }), (start, links) => {
      const subjects = (all: typeof links) =>
        linkedTo(start, all)
          .identities.map(({ subject }) => subject)
          .sort();
      const found = subjects(links);
      expect(subjects(links.toReversed())).toEqual(found);
      const { used, identities } = linkedTo(start, links);
      for (const each of identities) {
        const isLinked = used.some((one) => one.identities.some((other) => sameIdentity(each, other)));
        expect(isLinked || sameIdentity(each, start)).toBe(true);
      }
      for (const unused of links.filter((each) => !used.includes(each))) {
        for (const each of unused.identities) expect(found).not.toContain(each.subject);
      }
    }),
  );
});

test('the holder of a dataset is read from its exact name only', () => {
  expect(holderOf('urn:federome:ee.node:dataset:biobank')).toBe('ee.node');
  for (const value of [
    'URN:federome:ee.node:dataset:biobank',
    'urn:federome:ee.node:dataset:biobank/',
    'urn:federome:ee.node:dataset:',
    ' urn:federome:ee.node:dataset:biobank',
    'urn:federome:ee.node:dataset:biobank\n',
    'urn:federome:ee.node@fi.node:dataset:biobank',
  ]) {
    expect(holderOf(value)).toBeUndefined();
  }
});
