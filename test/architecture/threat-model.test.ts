import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const rows = readFileSync(`${ROOT}docs/threat-model.md`, 'utf8')
  .split('\n')
  .filter((line) => /^\| [STRIDEL]\d+ \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()));
const TEST = /([\w./-]+\.test\.tsx?): "([^"]+)"/g;

test('every threat has a control, and a test that shows it or a reason why it is accepted', () => {
  expect(rows.length).toBeGreaterThan(40);
  const bare = rows.filter(
    ([, , , control = '', shown = '']) =>
      control.length < 20 || ([...shown.matchAll(TEST)].length === 0 && !/accepted[^|]*A\d/.test(control)),
  );
  expect(bare.map(([id]) => id)).toEqual([]);
});

test('every test that the threat model names exists', () => {
  const missing = rows.flatMap(([id, , , , shown = '']) =>
    [...shown.matchAll(TEST)]
      .filter(([, file, name]) => {
        const path = `${ROOT}${file}`;
        return !existsSync(path) || !readFileSync(path, 'utf8').includes(name!);
      })
      .map(([named]) => `${id}: ${named}`),
  );
  expect(missing).toEqual([]);
});
