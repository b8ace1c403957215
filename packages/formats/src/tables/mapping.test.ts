import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseMapping } from './mapping.ts';

const DOCUMENT = readFileSync(new URL('../../../../docs/mapping.md', import.meta.url), 'utf8');
const EXAMPLES = [...DOCUMENT.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? '');

test('the documentation shows four mappings', () => {
  expect(EXAMPLES).toHaveLength(4);
});

test.each(EXAMPLES)('a mapping of the documentation is valid: %s', (text) => {
  expect(parseMapping(text, 'mapping.yaml').content.id).toBe('subject_id');
});

test('a mapping names where each of its values is written', () => {
  const mapping = parseMapping('id: a\nterms:\n  - b\n  - { column: c }\n', 'm.yaml');
  expect(mapping.locate(['terms', 0])).toEqual({ file: 'm.yaml', line: 3, column: 5 });
  expect(mapping.locate(['terms', 1, 'column'])).toEqual({ file: 'm.yaml', line: 4, column: 15 });
});
