/** A BGZF block as it lies in a batch's bytes. */
export interface BgzfBlock {
  /** Of the block, its header included. */
  readonly start: number;
  readonly bytes: number;
  /** Of the DEFLATE stream in it. */
  readonly source: number;
  readonly sourceBytes: number;
  readonly textBytes: number;
  readonly crc: number;
}

/** Some whole blocks of a file; offsets are of the memory they were read to, and void when the next are asked for. */
export interface BgzfBatch {
  readonly blocks: readonly BgzfBlock[];
  readonly textBytes: number;
}

/** No block is shorter. */
export const LEAST_BLOCK_BYTES = 26;
