import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSqlite } from '../../packages/node/src/stores/database/database.ts';
import { temporaryDirectory } from '../testkit/temporary.ts';

const NODE = fileURLToPath(new URL('../../packages/node/src/', import.meta.url));

/** Enters the same nonces as everybody else, and prints those that were new to it. */
const PROGRAM = `
import { openSqlite } from '${NODE}stores/database/database.ts';
import { SqlExchangeStore } from '${NODE}stores/exchange/sql-exchange-store.ts';
import { Evidence } from '${NODE}services/exchange/evidence.ts';
const database = await openSqlite(process.argv[1]);
const evidence = new Evidence(new SqlExchangeStore(database));
const expiresAt = '2100-01-01T00:00:00.000Z';
const names = Array.from({ length: 300 }, (_, at) => 'nonce ' + at);
for (let at = 0; at < names.length; at += 10) {
  const some = names.slice(at, at + 10);
  const isNew = await Promise.all(some.map((nonce) => evidence.see({ member: 'the.hub', nonce, expiresAt })));
  for (const [index, each] of isNew.entries()) if (each) console.log(some[index]);
}
await database.close();
`;

test('of three processes of one node, exactly one takes each copy of a request', async () => {
  const path = `${await temporaryDirectory()}/exchange.sqlite`;
  await (await openSqlite(path)).close();
  const taken = await Promise.all(
    [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      const [code]: unknown[] = await once(child, 'close');
      expect(code).toBe(0);
      return printed.split('\n').filter((line) => line !== '');
    }),
  );
  const all = taken.flat();
  expect(all).toHaveLength(300);
  expect(new Set(all).size).toBe(300);
});
