import type { Assembly } from '@federome/core';
import { openByteStream } from '../bytes/byte-stream.ts';
import { calledRecords } from './calls/called-records.ts';
import { HeaderReader, type ParsedHeader } from './header/header.ts';
import { type LineRun, wholeLines } from './lines.ts';
import { refusal } from './place.ts';
import type { CallBatch, CallsOptions, VcfReader, VcfRecord } from './record.ts';
import { RecordParser } from './record-parser.ts';

/** How strictly a VCF file is read. */
export interface OpenVcfOptions {
  /** What the file must have been called against; without it contigs are held to the file's own declarations only. */
  readonly assembly?: Assembly | undefined;
  /**
   * What becomes of genotypes of more than two copies: `refuse` (the default) raises `formats/vcf-genotype`, `mark`
   * gives `HIGHER_PLOIDY`, for those who only validate a file.
   */
  readonly higherPloidy?: 'refuse' | 'mark' | undefined;
}

const NEWLINE = 10;
const RETURN = 13;

/**
 * Opens a VCF file of version 4.1 to 4.5, plain, gzip or BGZF, and reads its header. `batches()` may be called again:
 * each call reads the records from the start. Raises `FormatError` with file, line and column at the first fault.
 */
export async function openVcf(path: string, options: OpenVcfOptions = {}): Promise<VcfReader> {
  const bytes = await openByteStream(path);
  const { bytesTotal } = bytes.progress;
  const reader = new HeaderReader(path);
  for await (const run of wholeLines(
    bytes,
    unfinishedLine(path, () => reader.lineCount),
  )) {
    if (readHeader(run, reader) !== undefined) break;
  }
  return new VcfFile(path, reader.finish(options.assembly), bytesTotal, options);
}

/** Index behind the header's last line, or `undefined` where the run ends before it. */
function readHeader({ bytes, start, end }: LineRun, reader: HeaderReader): number | undefined {
  for (let at = start; at < end; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    reader.take(bytes.toString('utf8', at, lineEnd(bytes, at, newline)));
    at = newline + 1;
    if (reader.done) return at;
  }
  return undefined;
}

class VcfFile implements VcfReader {
  readonly file: string;
  readonly header: ParsedHeader;
  progress: { readonly bytesRead: number; readonly bytesTotal: number };
  readonly #options: OpenVcfOptions;

  constructor(file: string, header: ParsedHeader, bytesTotal: number, options: OpenVcfOptions) {
    this.file = file;
    this.header = header;
    this.progress = { bytesRead: 0, bytesTotal };
    this.#options = options;
  }

  calls(options: CallsOptions = {}): AsyncGenerator<CallBatch> {
    return calledRecords(this.file, this.header, { assembly: this.#options.assembly, ...options });
  }

  async *batches(): AsyncGenerator<Iterable<VcfRecord>> {
    const stream = await openByteStream(this.file, { releaseChunks: true });
    const parser = new RecordParser(this.header, {
      file: this.file,
      assembly: this.#options.assembly,
      higherPloidy: this.#options.higherPloidy ?? 'refuse',
    });
    let lines = 0;
    let headerLines = this.header.lineCount;
    for await (const run of wholeLines(
      stream,
      unfinishedLine(this.file, () => lines),
    )) {
      this.progress = stream.progress;
      let { start } = run;
      for (; headerLines > 0 && start < run.end; headerLines -= 1) {
        start = run.bytes.indexOf(NEWLINE, start) + 1;
        lines += 1;
      }
      if (start === run.end) continue;
      const batch = new RecordBatch(parser, run.bytes, start, run.end, lines);
      yield batch;
      lines = batch.finish();
    }
    this.progress = stream.progress;
  }
}

/** The records of one run of lines. Those that its reader leaves are read all the same, so that faults are found. */
class RecordBatch implements Iterable<VcfRecord>, Iterator<VcfRecord> {
  readonly #parser: RecordParser;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #lines: number;

  constructor(parser: RecordParser, bytes: Buffer, start: number, end: number, linesBefore: number) {
    this.#parser = parser;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#lines = linesBefore;
  }

  [Symbol.iterator](): Iterator<VcfRecord> {
    return this;
  }

  next(): IteratorResult<VcfRecord> {
    if (this.#at >= this.#end) return { done: true, value: undefined };
    const newline = this.#bytes.indexOf(NEWLINE, this.#at);
    this.#lines += 1;
    this.#parser.parse(this.#bytes, this.#at, lineEnd(this.#bytes, this.#at, newline), this.#lines);
    this.#at = newline + 1;
    return { done: false, value: this.#parser };
  }

  /** Number of lines up to the end of the batch. */
  finish(): number {
    while (this.next().done !== true);
    return this.#lines;
  }
}

/** Lines may end with CR LF (VCF specification 1). */
function lineEnd(bytes: Buffer, start: number, newline: number): number {
  return newline > start && bytes[newline - 1] === RETURN ? newline - 1 : newline;
}

/** A last line without its end may have lost anything, down to a digit of a genotype: it is never taken as whole. */
function unfinishedLine(file: string, lines: () => number): (rest: Buffer) => void {
  return (rest) => {
    throw refusal('formats/truncated', 'the file ends inside a line: its last newline is missing', {
      file,
      line: lines() + 1,
      column: rest.filter((byte) => byte === 9).length + 1,
    });
  };
}
