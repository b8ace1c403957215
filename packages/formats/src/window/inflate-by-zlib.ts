import { gunzipSync } from 'node:zlib';
import { corrupt } from '../bytes/compression-errors.ts';
import type { BgzfBlock } from './bgzf-block.ts';

/**
 * Inflates blocks of which one was refused, by zlib, which has the last word. Raises `formats/corrupt-compression`.
 */
export function inflateByZlib(
  file: string,
  memory: Uint8Array,
  blocks: readonly BgzfBlock[],
  target: number,
): void {
  let at = target;
  for (const { start, bytes, textBytes } of blocks) {
    const text = gunzip(file, memory.subarray(start, start + bytes));
    if (text.length !== textBytes) throw corrupt(file, 'a block is not as long as it says');
    memory.set(text, at);
    at += textBytes;
  }
}

function gunzip(file: string, block: Uint8Array): Uint8Array {
  try {
    return gunzipSync(block);
  } catch (error) {
    // The block's length was checked: an early end inside it is damage too.
    throw corrupt(file, error instanceof Error ? error.message : 'a block cannot be inflated', error);
  }
}
