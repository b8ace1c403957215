import { type FederomeNode, initNode, NetworkService, openNode } from '@federome/node';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './temporary.ts';

export interface TestHub {
  readonly directory: string;
  readonly node: FederomeNode;
  readonly network: NetworkService;
}

/** A hub in a home of its own, with members entered as the directory has them: nobody is asked who they are. */
export async function testHub(
  members: readonly { readonly id: string; readonly url: string; readonly country?: string }[] = [],
  options: {
    readonly deadlineMs?: number;
    readonly inFlight?: number;
    readonly termsTtlMs?: number;
    readonly publicGranularity?: 'boolean' | 'count';
  } = {},
): Promise<TestHub> {
  const directory = await temporaryDirectory();
  await initNode(`${directory}/hub`, {
    country: 'LU',
    role: 'hub',
    name: 'Network',
    disclosure: options.publicGranularity && { publicGranularity: options.publicGranularity },
  });
  const node = await openNode(`${directory}/hub`);
  onTestFinished(() => node.close());
  for (const { id, url, country = 'EE' } of members) {
    await node.records.putMember({ id, url, name: id, country, addedAt: '2026-01-01T00:00:00.000Z' });
  }
  const network = new NetworkService({
    name: 'Network',
    store: node.records,
    genes: node.genes,
    disclosure: node.config.disclosure,
    deadlineMs: options.deadlineMs,
    termsTtlMs: options.termsTtlMs,
    limits: options.inFlight === undefined ? {} : { inFlight: options.inFlight },
  });
  return { directory: `${directory}/hub`, node, network };
}
