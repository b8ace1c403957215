import { readFile } from 'node:fs/promises';
import { openByteStream } from '../bytes/byte-stream.ts';
import { FormatError } from '../errors.ts';

/** One sequence of a FASTA file, as a line of a `.fai` describes it; offsets are of the decompressed text. */
export interface FastaSequence {
  readonly name: string;
  readonly lengthBp: number;
  /** Where its first base is. */
  readonly offset: number;
  readonly basesPerLine: number;
  /** With the line's end. */
  readonly bytesPerLine: number;
}

/** Reads `PATH.fai`, or `undefined` where there is none. */
export async function readFastaIndex(path: string): Promise<readonly FastaSequence[] | undefined> {
  const file = `${path}.fai`;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new FormatError('formats/file-not-readable', 'the index of the reference cannot be read', {
      location: { file },
      cause: error,
    });
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parseIndexLine(file, line, index + 1));
}

function parseIndexLine(file: string, text: string, line: number): FastaSequence {
  const [name = '', ...columns] = text.split('\t');
  const [lengthBp = NaN, offset = NaN, basesPerLine = NaN, bytesPerLine = NaN] = columns.map(Number);
  const numbers = [lengthBp, offset, basesPerLine, bytesPerLine];
  if (
    name === '' ||
    !numbers.every((number) => Number.isSafeInteger(number) && number >= 0) ||
    bytesPerLine < basesPerLine
  )
    throw new FormatError(
      'formats/fasta',
      'expected name, length, offset, bases and bytes a line of a FASTA index',
      { location: { file, line } },
    );
  return { name, lengthBp, offset, basesPerLine, bytesPerLine };
}

const NEWLINE = 10;
const RETURN = 13;
const GREATER = 62;
const LONGEST_TITLE = 65_536;

/** Makes the index of a file that has none, in one pass over its text. */
export async function buildFastaIndex(path: string): Promise<readonly FastaSequence[]> {
  const indexer = new FastaIndexer(path);
  for await (const chunk of await openByteStream(path)) indexer.take(chunk);
  return indexer.finish();
}

class FastaIndexer {
  readonly #file: string;
  readonly #sequences: FastaSequence[] = [];
  #title: number[] | undefined;
  #name: string | undefined;
  #offset = 0;
  #lengthBp = 0;
  #basesPerLine = 0;
  #bytesPerLine = 0;
  /** Set once a line was shorter than those before it: only the last one of a sequence may be. */
  #ended = false;
  #line = 1;
  #lineBases = 0;
  #lineBytes = 0;
  #position = 0;

  constructor(file: string) {
    this.#file = file;
  }

  take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline < 0 ? chunk.length : newline;
      this.#takePart(chunk, at, end);
      if (newline >= 0) this.#endLine(1);
      at = newline < 0 ? end : newline + 1;
    }
  }

  finish(): readonly FastaSequence[] {
    if (this.#lineBytes > 0) this.#endLine(0);
    this.#endSequence();
    if (this.#sequences.length === 0) throw this.#fault('the file has no sequence');
    return this.#sequences;
  }

  #takePart(chunk: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    if (this.#lineBytes === 0 && chunk[start] === GREATER) {
      this.#endSequence();
      this.#title = [];
    }
    this.#lineBytes += end - start;
    if (this.#title !== undefined) {
      if (this.#title.length + end - start > LONGEST_TITLE) throw this.#fault('a title line does not end');
      this.#title.push(...chunk.subarray(start, end));
      return;
    }
    if (this.#name === undefined) throw this.#fault('the file does not start with >: this is no FASTA file');
    const isReturn = chunk[end - 1] === RETURN;
    this.#lineBases += end - start - (isReturn ? 1 : 0);
  }

  #endLine(newlineBytes: number): void {
    this.#position += this.#lineBytes + newlineBytes;
    if (this.#title !== undefined) this.#startSequence(Buffer.from(this.#title).toString('utf8'));
    else if (this.#lineBases > 0) this.#takeBases(this.#lineBytes + newlineBytes);
    else if (this.#name !== undefined) this.#ended = true;
    this.#line += 1;
    this.#lineBases = 0;
    this.#lineBytes = 0;
  }

  #startSequence(title: string): void {
    const name = /^>([^\s]+)/.exec(title)?.[1];
    if (name === undefined) throw this.#fault('a sequence has no name');
    if (this.#sequences.some((sequence) => sequence.name === name))
      throw this.#fault('two sequences have the same name');
    this.#title = undefined;
    this.#name = name;
    this.#offset = this.#position;
    this.#lengthBp = 0;
    this.#basesPerLine = 0;
    this.#ended = false;
  }

  #takeBases(bytes: number): void {
    if (this.#basesPerLine === 0) {
      this.#basesPerLine = this.#lineBases;
      this.#bytesPerLine = bytes;
    } else if (this.#ended || this.#lineBases > this.#basesPerLine)
      throw this.#fault('its lines are not of the same length, so that it cannot be read by position');
    if (this.#lineBases < this.#basesPerLine) this.#ended = true;
    this.#lengthBp += this.#lineBases;
  }

  #endSequence(): void {
    if (this.#name === undefined) return;
    this.#sequences.push({
      name: this.#name,
      lengthBp: this.#lengthBp,
      offset: this.#offset,
      basesPerLine: this.#basesPerLine,
      bytesPerLine: this.#bytesPerLine,
    });
    this.#name = undefined;
  }

  #fault(reason: string): FormatError {
    return new FormatError('formats/fasta', reason, {
      location: { file: this.#file, line: this.#line, column: 1 },
    });
  }
}
