import { writeFile } from 'node:fs/promises';
import type { NetworkAnswer } from '@federome/client';
import { federome, federomeOutput } from '@federome/testkit';
import { expect, test } from 'vitest';
import { signedNetwork } from '../testkit/signed-network.ts';
import { temporaryDirectory } from '../testkit/temporary.ts';

async function asked(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}api/network/questions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      variant: {
        referenceName: '22',
        start: [100],
        referenceBases: 'A',
        alternateBases: 'G',
        assemblyId: 'GRCh38',
      },
    }),
  });
  const answer: NetworkAnswer = await response.json();
  return answer.members
    .map(
      ({ id, state, reason }) =>
        `${id} ${state}${reason === undefined ? '' : ` ${reason.code} ${reason.message}`}`,
    )
    .sort();
}

test('with the keys and the directory of real homes, a question leaves evidence that a stranger can check', async () => {
  const members = await signedNetwork({ hub: true });
  const [ee, es, , hub] = members;
  const everybody = ['federome.ee answered', 'federome.es answered', 'federome.fi answered'];
  expect(await asked(hub!.url)).toEqual(everybody);

  const list = ['receipts', 'list', es!.directory, '--peer', 'federome.lu.hub', '--json'];
  const receipts: readonly { id: string; direction: string; path: string }[] = JSON.parse(
    await federomeOutput(...list),
  );
  expect(new Set(receipts.map(({ direction, path }) => `${direction} ${path}`))).toEqual(
    new Set(['answered /info', 'answered /individuals', 'answered /g_variants']),
  );

  const files = await temporaryDirectory();
  const id = receipts.find(({ path }) => path === '/individuals')?.id ?? '';
  const [theirs, ours] = await Promise.all(
    [es!, hub!].map(({ directory }) => federomeOutput('receipts', 'show', directory, id)),
  );
  await writeFile(`${files}/es.json`, theirs!);
  await writeFile(`${files}/hub.json`, ours!);
  await writeFile(`${files}/directory.json`, await (await fetch(`${ee!.url}directory`)).text());
  const verify = ['receipts', 'verify', `${files}/es.json`, `${files}/hub.json`];
  const rows: readonly object[] = JSON.parse(
    await federomeOutput(...verify, '--directory', `${files}/directory.json`, '--json'),
  );
  const exchange = { id, asked: 'federome.lu.hub', answered: 'federome.es' };
  expect(rows).toEqual([expect.objectContaining(exchange), expect.objectContaining(exchange)]);
  expect((await federome('receipts', 'show', es!.directory, 'x'.repeat(43))).stderr).toContain(
    '[node/unknown-receipt]',
  );
  const anonymous = await fetch(`${es!.url}api/exchange/receipts/${id}`);
  expect([anonymous.status, (await anonymous.json()).code]).toEqual([401, 'node/unauthenticated']);

  await hub!.server.close();
  expect(await asked(ee!.url)).toEqual(everybody);
});
