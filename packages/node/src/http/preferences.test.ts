import { expect, test } from 'vitest';
import { prefersHtml } from './preferences.ts';

test.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['text/html', true],
  ['application/json', false],
  ['*/*', false],
  [undefined, false],
  ['application/json, text/html;q=0.5', false],
  ['text/*, application/json;q=0.1', true],
  ['text/html;q=0', false],
  ['text/html;q=x', false],
])('%s wants a page: %s', (accept, wanted) => {
  expect(prefersHtml(accept)).toBe(wanted);
});
