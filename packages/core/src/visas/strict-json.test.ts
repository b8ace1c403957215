import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64url, readCompactToken } from './compact-token.ts';
import { readStrictJson } from './strict-json.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const spaced = fc.constantFrom(undefined, 1, '\t');

test('JSON is read as the platform reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), spaced, (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(readStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('whatever the platform refuses is refused', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'{}[]",:\\u0019-+.eEtrufalsn \n\u0001'),
    maxLength: 20,
  });
  fc.assert(
    fc.property(letters, (text) => {
      let platform: unknown;
      try {
        platform = JSON.parse(text);
      } catch {
        expect(() => readStrictJson(text)).toThrow(code('not-json'));
        return;
      }
      expect(readStrictJson(text)).toEqual(platform);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['{"a":1,"a":1}', 'duplicate-member'],
  ['{"a":1,"\\u0061":2}', 'duplicate-member'],
  ['[{"x":{"b":1,"c":2,"b":3}}]', 'duplicate-member'],
  ['{"__proto__":1,"__proto__":2}', 'duplicate-member'],
  [`${'['.repeat(12)}${']'.repeat(12)}`, 'too-deep'],
  ['"\\ud800"', 'not-json'],
  ['1e999', 'not-json'],
  ['NaN', 'not-json'],
  ['', 'not-json'],
  ['{"a":1}x', 'not-json'],
  ['\ufeff{}', 'not-json'],
])('%s is refused', (text, expected) => expect(() => readStrictJson(text)).toThrow(code(expected)));

test('a member called __proto__ is a member like any other', () => {
  const value = readStrictJson('{"__proto__":{"iss":"x"}}');
  expect(Object.hasOwn(Object(value), '__proto__')).toBe(true);
  expect(Object(value).iss).toBeUndefined();
});

test('base64url has one form of each bytes, and no other is read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (bytes, at) => {
      const text = Buffer.from(bytes).toString('base64url');
      expect(fromBase64url(text)).toEqual(bytes);
      const other = `${text.slice(0, at % (text.length + 1))}=${text.slice(at % (text.length + 1))}`;
      expect(() => fromBase64url(other)).toThrow(code('not-canonical'));
    }),
  );
  for (const text of ['A', 'AB', 'AAB', 'AA+A', 'AA A']) {
    expect(() => fromBase64url(text)).toThrow(code('not-canonical'));
  }
});

test('a token whose bytes are no UTF-8 or no object is refused', () => {
  const part = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64url');
  expect(() => readCompactToken(`${part('{"a":"\xff"}')}.e30.AA`, 100)).toThrow(code('not-json'));
  expect(() => readCompactToken('W10.e30.AA', 100)).toThrow(code('not-json'));
  expect(readCompactToken('e30.e30.AA', 100)).toMatchObject({ header: {}, payload: {} });
});
