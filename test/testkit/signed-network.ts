import { type FederomeNode, initNode, openNode, type RunningServer, serveNode } from '@federome/node';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './temporary.ts';

/** A member of a network: a home of its own, opened and served in this process. */
export interface SignedMember {
  readonly directory: string;
  readonly node: FederomeNode;
  readonly server: RunningServer;
  /** With a slash at the end, as the directory has it. */
  readonly url: string;
}

export interface SignedNetworkOptions {
  /** One node each; `EE`, `ES` and `FI` unless told otherwise. */
  readonly countries?: readonly string[] | undefined;
  /** Whether a hub (`LU`) is a member too; it is the last one. */
  readonly hub?: boolean | undefined;
  readonly now?: (() => Date) | undefined;
  /** Before it is served: what its datasets are, for instance. */
  readonly prepare?: ((node: FederomeNode, country: string) => Promise<void>) | undefined;
}

/**
 * Nodes that are served on loopback, over real HTTP, and a directory of them that they signed: the first founded the
 * network, and voted the others in. Everything goes when the test has finished.
 */
export async function signedNetwork(options: SignedNetworkOptions = {}): Promise<readonly SignedMember[]> {
  const { countries = ['EE', 'ES', 'FI'], hub = false } = options;
  const root = await temporaryDirectory();
  const members: SignedMember[] = [];
  for (const country of countries) members.push(await served(root, country, 'node', options));
  if (hub) members.push(await served(root, 'LU', 'hub', options));
  const [founder, ...others] = members;
  if (founder === undefined) throw new Error('a network has a founder');
  const service = await founder.node.directory.service();
  await service.found({ network: 'Test network', url: founder.url, dpia: 'DPIA 1' });
  const proposals: string[] = [];
  for (const { node, url } of others) {
    const token = await service.invite();
    const joining = await node.directory.service();
    const checks = await joining.selfCheck({ url, dpia: 'DPIA 1' }, token);
    proposals.push(await joining.join(token, { url, dpia: 'DPIA 1', checks }));
  }
  if (proposals.length > 0) await service.vote(proposals, 'for');
  for (const { node } of others) await (await node.directory.service()).refresh(true);
  return members;
}

async function served(
  root: string,
  country: string,
  role: 'node' | 'hub',
  { now, prepare }: SignedNetworkOptions,
): Promise<SignedMember> {
  const directory = `${root}/${role}-${country.toLowerCase()}`;
  await initNode(directory, { country, role, name: role === 'hub' ? 'Hub' : country });
  const node = await openNode(directory, { now });
  await prepare?.(node, country);
  const server = await serveNode(node, { requestsPerMinute: false });
  onTestFinished(async () => {
    await server.close();
    await node.close();
  });
  return { directory, node, server, url: `${server.url}/` };
}
