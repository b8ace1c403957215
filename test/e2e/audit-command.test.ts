import { readFile } from 'node:fs/promises';
import { federome, federomeOutput, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import { inventedNode, people } from '../testkit/beacon-node.ts';

const MINUTE = 60_000;

test(
  'what the operator takes out of a dataset is in the audit, and found, exported and explained by command',
  async () => {
    const node = await inventedNode([{ id: 'a', people: people(60) }]);
    const home = node.home.directory;
    await federomeOutput('count', home, '--dataset', 'a');
    await federomeOutput('frequencies', home, '--dataset', 'a', '--region', '22');
    await federomeOutput('export', home, '--dataset', 'a', '--region', '22:36265860');
    const found: { operation: string; ledgerIndex?: number }[] = JSON.parse(
      await federomeOutput('audit', 'search', home, '--dataset', 'a', '--kind', 'operator', '--json'),
    );
    expect(found.map(({ operation }) => operation)).toEqual([
      'operator-export',
      'operator-frequencies',
      'operator-count',
    ]);
    for (const event of found)
      expect(event).toMatchObject({ answer: { count: 10 }, ledgerIndex: expect.any(Number) });
    const table = await federomeOutput('audit', 'search', home, '--operation', 'operator-count');
    expect(table.split('\n')[1]).toMatch(/operator-count\toperator\t\ta\t\tanswered\t\tpublic\t10\+/);
    const out = `${await temporaryDirectory()}/audit.ndjson`;
    await federomeOutput('audit', 'export', home, '--format', 'fhir', '--out', out);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
    // Each search and this export are in it as well.
    expect(lines.map((line) => JSON.parse(line).subtype.at(-1).code)).toEqual([
      'audit-export',
      'audit-read',
      'audit-read',
      'operator-export',
      'operator-frequencies',
      'operator-count',
    ]);
    await federomeOutput('keys', 'rotate', home);
    const rotated = await federomeOutput('audit', 'search', home, '--operation', 'key-rotation');
    expect(rotated.split('\n')[1]).toMatch(/key-rotation\toperator\t\ta\t/);
    expect(await federomeOutput('audit', 'anomalies', home, '--json')).toBe('[]\n');
    const text = await federomeOutput('audit', 'export', home);
    expect(text).not.toContain('36265860');
  },
  MINUTE,
);

test('a time that is none and a format that is none are wrong usage', async () => {
  for (const options of [
    ['search', '.', '--from', 'yesterday'],
    ['export', '.', '--format', 'xml'],
  ]) {
    expect((await federome('audit', ...options)).exitCode).toBe(2);
  }
});
