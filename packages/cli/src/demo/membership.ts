import { join } from 'node:path';

/** A home that is served, and where. */
export interface ServedHome {
  readonly home: string;
  readonly url: string;
}

const DPIA = ['--dpia', 'Demonstration, simulated people only'];

/**
 * The commands with which operators found a network of nodes that are served, and bring a hub in: the first founds it,
 * and lets in the others. From then on more than half of them sign every version of its directory.
 */
export function membershipCommands(
  network: string,
  root: string,
  nodes: readonly ServedHome[],
  hub: ServedHome,
): readonly (readonly string[])[] {
  const [founder, ...others] = nodes;
  if (founder === undefined) return [];
  const joins = [...others, hub].flatMap(({ home, url }, index) => {
    const token = join(root, `invitation-${index}`);
    return [
      ['member', 'invite', founder.home, '--out', token],
      ['member', 'join', home, '--token', token, '--url', url, '--no-wait', ...DPIA],
    ];
  });
  return [
    ['member', 'found', founder.home, '--network', network, '--url', founder.url, ...DPIA],
    ...joins,
    ['member', 'vote', founder.home, 'all', 'yes'],
  ];
}
