import type { DiscoveryAnswers } from '@federome/core';
import type { GeneService } from '../services/genes.ts';
import type { SignedMembers } from '../services/network/known-members.ts';
import type { NetworkService } from '../services/network/network-service.ts';
import type { Foundation } from './foundation.ts';

export interface NetworkOptions {
  readonly genes: GeneService;
  readonly signed: SignedMembers;
  /** How long a question to all members may take. */
  readonly deadlineMs?: number | undefined;
}

export interface ComposedNetwork {
  /** Asks the members of the network; its modules are loaded by the first call. */
  readonly peers: () => Promise<NetworkService>;
  /** Of a hub: what it is, beside an asker, to whoever asks it as a Beacon. */
  readonly hub: { readonly network: NetworkService; readonly answers: DiscoveryAnswers } | undefined;
}

/** What asks other members: of a hub for everybody, of a node for itself. */
export async function composeNetwork(
  { config, records }: Pick<Foundation, 'config' | 'records'>,
  { genes, signed, deadlineMs }: NetworkOptions,
): Promise<ComposedNetwork> {
  let service: Promise<NetworkService> | undefined;
  const make = async () => {
    const { NetworkService } = await import('../services/network/network-service.ts');
    const { name, disclosure, examples } = config;
    return new NetworkService({ name, store: records, signed, genes, disclosure, deadlineMs, examples });
  };
  const peers = () => {
    service ??= make();
    return service;
  };
  if (config.role !== 'hub') return { peers, hub: undefined };
  const [network, { HubAnswers }] = await Promise.all([
    peers(),
    import('../services/network/hub-answers.ts'),
  ]);
  return { peers, hub: { network, answers: new HubAnswers(network, config) } };
}
