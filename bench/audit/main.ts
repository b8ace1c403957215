// What recording every question costs: the same server without the audit, with it for the public, and with it and the
// ledger for a registered user. `node bench/audit/main.ts [questions]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Requester } from '@federome/core';
import { initNode, openNode } from '@federome/node';
import type { InjectOptions } from 'fastify';
import { buildServer, type ServedNode } from '../../packages/node/src/http/server.ts';

const questions = Number(process.argv[2] ?? 3_000);
const AT_ONCE = 64;
const USER: Requester = {
  kind: 'person',
  identity: { issuer: 'https://idp.example', subject: 'anne' },
  roles: ['data-user'],
  visas: [],
};

const home = await mkdtemp(join(tmpdir(), 'federome-audit-bench-'));
await initNode(home, { country: 'EE' });
const node = await openNode(home);
await node.datasets.add({ id: 'a', assembly: 'GRCh38' });
const { audit: _, ...unaudited } = node;
const authentication = { machine: async () => USER };
const plain: InjectOptions = { url: '/individuals?testMode=true&requestedGranularity=count' };
const registered: InjectOptions = { ...plain, headers: { authorization: 'Bearer anne' } };

/** One by one for the latency, then many at once for the throughput. */
async function measure(name: string, served: ServedNode, question: InjectOptions): Promise<void> {
  const server = await buildServer(served, { requestsPerMinute: false });
  for (let at = 0; at < 200; at += 1) await server.inject(question);
  const tookMs: number[] = [];
  for (let at = 0; at < questions; at += 1) {
    const startedMs = performance.now();
    const { statusCode } = await server.inject(question);
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
    tookMs.push(performance.now() - startedMs);
  }
  tookMs.sort((a, b) => a - b);
  const startedMs = performance.now();
  let left = questions * 4;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await server.inject(question);
    }),
  );
  const perSecond = (questions * 4 * 1_000) / (performance.now() - startedMs);
  const quantile = (share: number) => tookMs[Math.floor(share * (tookMs.length - 1))]!.toFixed(2);
  process.stdout.write(
    `${name}\tp50 ${quantile(0.5)} ms\tp99 ${quantile(0.99)} ms\t${Math.round(perSecond)} questions/s\n`,
  );
  await server.close();
}

try {
  for (let round = 0; round < 2; round += 1) {
    await measure('without audit', unaudited, plain);
    await measure('public, in groups', node, plain);
    await measure('registered, with ledger', { ...node, authentication }, registered);
  }
} finally {
  await node.close();
  await rm(home, { recursive: true });
}
