import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesText } from './wildcards.ts';

test.each([
  ['FIN', 'fin', true],
  ['F%', 'FIN', true],
  ['%N', 'FIN', true],
  ['%', '', true],
  ['F%N', 'FN', true],
  ['a%a', 'a', false],
  ['F%', 'GBR', false],
  ['FIN', 'FINN', false],
  ['%i%n%', 'fin', true],
  ['%n%i%', 'fin', false],
])('%s is %s: %s', (value, text, matches) => {
  expect(matchesText(value, text)).toBe(matches);
});

test('it matches what a regular expression would', () => {
  const letters = fc.stringMatching(/^[ab%]{0,8}$/);
  fc.assert(
    fc.property(letters, fc.stringMatching(/^[ab]{0,8}$/), (value, text) => {
      const expression = new RegExp(`^${value.replaceAll('%', '.*')}$`);
      expect(matchesText(value, text)).toBe(expression.test(text));
    }),
  );
});
