import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));

test('the example of the README runs as it stands', () => {
  const readme = readFileSync(join(HERE, '../README.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const directory = mkdtempSync(join(HERE, '../.readme-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'example.ts');
  writeFileSync(file, example.replace("'@federome/tlog'", "'../src/index.ts'"));
  expect(
    execFileSync(process.execPath, [file], { encoding: 'utf8', env: { ...process.env, TMPDIR: directory } }),
  ).toBe('0\n1\n');
});
