import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CODE = /'((?:core|formats|genotypes|node|client|simulate|tlog)\/[a-z0-9-]+)'/g;

function declaredCodes(): readonly string[] {
  const files = [
    ...globSync('packages/{core,formats,genotypes,node,client,tlog}/src/errors.ts', { cwd: ROOT }),
    'simulate/src/errors.ts',
  ];
  return files.flatMap((file) =>
    [...readFileSync(ROOT + file, 'utf8').matchAll(CODE)].map((match) => match[1]!),
  );
}

test('every stable error code is explained in docs/errors.md, and nothing else is', () => {
  const documented = [...readFileSync(`${ROOT}docs/errors.md`, 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(
    (match) => match[1]!,
  );
  expect(documented.toSorted()).toEqual(declaredCodes().toSorted());
});

test('no declared error code is never raised', () => {
  const sources = globSync('{packages/*,simulate}/src/**/*.ts', { cwd: ROOT }).filter(
    (file) => !/\/errors\.ts$|\.test\.ts$/.test(file),
  );
  const text = sources.map((file) => readFileSync(ROOT + file, 'utf8')).join('\n');
  expect(declaredCodes().filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});
