import type { InflateKernels } from '../kernels/inflate-kernels.ts';
import type { BgzfBlock } from './bgzf-block.ts';

/**
 * Inflates blocks one behind the other from `target` on and verifies each one's length and checksum. Writes nothing
 * behind their text. Returns the place of the first block that is not what it says, or -1.
 */
export function inflateBlocks(
  kernels: InflateKernels,
  blocks: readonly BgzfBlock[],
  target: number,
  textBytes: number,
): number {
  let at = target;
  for (let place = 0; place < blocks.length; place += 1) {
    const block = blocks[place]!;
    if (!kernels.inflate(block.source, block.sourceBytes, at, block.textBytes, target + textBytes))
      return place;
    if (kernels.checksum() !== block.crc) return place;
    at += block.textBytes;
  }
  return -1;
}
