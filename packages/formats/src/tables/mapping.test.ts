import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
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

test('a mapping that is cut or altered is read or refused, never anything else', () => {
  const text = EXAMPLES[0]!;
  const character = fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom(...'{}[]":,&*!?|>-#%\n\t0'));
  fc.assert(
    fc.property(fc.nat({ max: text.length }), fc.nat({ max: 4 }), character, (at, removed, inserted) => {
      for (const content of [text.slice(0, at), text.slice(0, at) + inserted + text.slice(at + removed)])
        try {
          expect(typeof parseMapping(content, 'm.yaml').content.id).toBe('string');
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
    }),
    { numRuns: 500 },
  );
});
