import type { Assembly } from '@federome/core';
import type { ScanKernels } from '../../kernels/scan-kernels.ts';
import { TextMemory } from '../../kernels/text-memory.ts';
import { scanKernels } from '../../kernels/wasm-scan.ts';
import { openTextWindow } from '../../window/open-text-window.ts';
import type { TextSpan } from '../../window/text-window.ts';
import { WholeLines } from '../../window/whole-lines.ts';
import type { ParsedHeader } from '../header/header.ts';
import { refusal } from '../place.ts';
import type { CallBatch, CalledRecord, CallsOptions } from '../record.ts';
import { RecordParser } from '../record-parser.ts';
import { ScannedRecord } from './scanned-record.ts';

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;

/** How records are read, and what they are held to. */
export interface CalledRecordsOptions extends CallsOptions {
  readonly assembly: Assembly | undefined;
}

/**
 * The records of a VCF file of samples, with calls as sets. Fixed columns are read as `openVcf` reads them; samples are
 * scanned where they lie, and read by its strict parser where a scan meets what it does not know.
 */
export async function* calledRecords(
  file: string,
  header: ParsedHeader,
  { assembly, onCompressed, threads }: CalledRecordsOptions,
): AsyncGenerator<CallBatch> {
  const memory = new TextMemory();
  const parser = new RecordParser(header, { file, assembly, higherPloidy: 'refuse' });
  // Before the window: only the last allocation of a memory grows where it lies.
  const record = new VcfScannedRecord(parser, memory, header.samples.length);
  const window = await openTextWindow(file, { memory, onCompressed, threads });
  const whole = new WholeLines(window);
  let lines = 0;
  try {
    for (let span = await whole.next(); span !== undefined; span = await whole.next()) {
      let { start } = span;
      for (; lines < header.lineCount && start < span.end; lines += 1)
        start = record.kernels.newlineAt(start, span.end) + 1;
      if (start === span.end) continue;
      const records = new ScannedBatch(record, { start, end: span.end }, lines);
      yield { records, progress: window.progress };
      lines = records.finish();
    }
    refuseUnfinished(file, memory, whole.unfinished, lines);
  } finally {
    await window.close();
  }
}

/** A last line without its end may have lost anything, down to a digit of a genotype: it is never taken as whole. */
function refuseUnfinished(file: string, memory: TextMemory, { start, end }: TextSpan, lines: number): void {
  if (start === end) return;
  const rest = memory.bytes.subarray(start, end);
  throw refusal('formats/truncated', 'the file ends inside a line: its last newline is missing', {
    file,
    line: lines + 1,
    column: rest.filter((byte) => byte === TAB).length + 1,
  });
}

/** The records of one span. Those that its reader leaves are read all the same, so that faults are found. */
class ScannedBatch implements Iterable<CalledRecord>, Iterator<CalledRecord> {
  readonly #record: VcfScannedRecord;
  readonly #end: number;
  #at: number;
  #lines: number;

  constructor(record: VcfScannedRecord, { start, end }: TextSpan, linesBefore: number) {
    this.#record = record;
    this.#at = start;
    this.#end = end;
    this.#lines = linesBefore;
  }

  [Symbol.iterator](): Iterator<CalledRecord> {
    return this;
  }

  next(): IteratorResult<CalledRecord> {
    if (this.#at >= this.#end) return { done: true, value: undefined };
    this.#lines += 1;
    this.#at = this.#record.read(this.#at, this.#end, this.#lines);
    return { done: false, value: this.#record };
  }

  /** Number of lines up to the end of the batch. */
  finish(): number {
    while (this.next().done !== true);
    return this.#lines;
  }
}

/** The same record again and again, with other contents. */
class VcfScannedRecord extends ScannedRecord {
  readonly kernels: ScanKernels;
  readonly #parser: RecordParser;
  readonly #memory: TextMemory;
  readonly #samples: number;

  constructor(parser: RecordParser, memory: TextMemory, samples: number) {
    super(parser, memory, samples);
    this.#parser = parser;
    this.#memory = memory;
    this.#samples = samples;
    this.kernels = scanKernels(memory);
  }

  /** Reads the line at `start`; gives the start of the next. `end` is behind a newline, of this line or a later one. */
  read(start: number, end: number, line: number): number {
    const { bytes } = this.#memory;
    if (this.#samples === 0) return this.#readSite(bytes, start, end, line);
    const samples = this.#parser.parseFixed(bytes, start, end, line);
    const newline = this.#scan(bytes, samples, end);
    if (newline !== 0) {
      this.calls.take();
      return newline + 1;
    }
    const lineEnd = this.kernels.newlineAt(samples, end);
    this.#parser.parseSamples(bytes, samples, withoutReturn(bytes, lineEnd));
    this.calls.takeGenotypes(this.#parser.genotypes);
    return lineEnd + 1;
  }

  /** As `read`, in a file without samples. */
  #readSite(bytes: Buffer, start: number, end: number, line: number): number {
    const lineEnd = this.kernels.newlineAt(start, end);
    this.#parser.parse(bytes, start, withoutReturn(bytes, lineEnd), line);
    return lineEnd + 1;
  }

  /** The newline behind the samples that start at `start`, or 0 where they are not what kernels know. */
  #scan(bytes: Uint8Array, start: number, end: number): number {
    const { hasGenotype, genotypeOnly } = this.#parser.layout;
    if (!hasGenotype) return 0;
    const highest = this.#parser.alts.length;
    const last = start + 4 * this.#samples - 1;
    if (genotypeOnly && last < end) {
      const newline = bytes[last] === RETURN ? last + 1 : last;
      const { lists } = this.calls;
      if (bytes[newline] === NEWLINE && this.kernels.scanFixed(start, this.#samples, highest, lists.at) === 1)
        return newline;
    }
    return this.kernels.scanColumns(
      start,
      end,
      this.#samples,
      highest,
      genotypeOnly ? 0 : 1,
      this.calls.lists.at,
    );
  }
}

/** Lines may end with CR LF (VCF specification 1). */
function withoutReturn(bytes: Uint8Array, newline: number): number {
  return bytes[newline - 1] === RETURN ? newline - 1 : newline;
}
