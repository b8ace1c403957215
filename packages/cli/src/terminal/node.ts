import type { FederomeNode, OpenOptions } from '@federome/node';

/** Opens the node of a home for one command, and closes it whatever happens. */
export async function withNode<T>(
  directory: string,
  work: (node: FederomeNode) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const { openNode } = await import('@federome/node/open');
  const node = await openNode(directory, options);
  try {
    return await work(node);
  } finally {
    await node.close();
  }
}
