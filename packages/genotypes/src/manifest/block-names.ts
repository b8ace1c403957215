const NEWLINE = 10;

/** The names of a block's people as they are stored: UTF-8, one a line. A name becomes a string when it is asked for. */
export class BlockNames {
  readonly bytes: Buffer;
  /** Where each name begins, and one behind the last newline. */
  readonly starts: Uint32Array;
  #all: readonly string[] | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    const starts = new Uint32Array(linesOf(bytes) + 1);
    let line = 1;
    for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === NEWLINE) starts[line++] = at + 1;
    starts[line] = bytes.length + 1;
    this.starts = starts;
  }

  get count(): number {
    return this.starts.length - 1;
  }

  /** The name at a place below `count`. */
  at(place: number): string {
    return this.bytes.toString('utf8', this.starts[place]!, this.starts[place + 1]! - 1);
  }

  all(): readonly string[] {
    this.#all ??= this.bytes.toString('utf8').split('\n');
    return this.#all;
  }
}

function linesOf(bytes: Uint8Array): number {
  let lines = 1;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === NEWLINE) lines += 1;
  return lines;
}
