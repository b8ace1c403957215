import type { Assembly } from '@federome/core';
import type { PairKernels } from '../kernels/pair-kernels.ts';
import { TextMemory } from '../kernels/text-memory.ts';
import { pairKernels } from '../kernels/wasm-pairs.ts';
import { ScannedRecord } from '../vcf/calls/scanned-record.ts';
import type { CallBatch, CalledRecord, CallsOptions } from '../vcf/record.ts';
import { openTextWindow } from '../window/open-text-window.ts';
import type { BcfHeader } from './header.ts';
import { RecordBatch, type RecordView } from './record-batch.ts';
import { BcfRecordParser } from './record-parser.ts';
import { BCF_TYPE } from './typed-cursor.ts';
import { refuseUnfinished, WholeRecords } from './whole-records.ts';

/** Highest allele that int8 genotypes can name. */
const MOST_SCANNED = 62;

/**
 * The records of a BCF file of samples, with calls as sets. Sites are read as `openBcf` reads them; genotypes of two
 * int8 values a sample are scanned where they lie, others read one by one.
 */
export async function* calledBcfRecords(
  file: string,
  header: BcfHeader,
  { assembly, onCompressed, threads }: CallsOptions & { readonly assembly: Assembly | undefined },
): AsyncGenerator<CallBatch> {
  const memory = new TextMemory();
  const parser = new BcfRecordParser(header, { file, assembly, higherPloidy: 'refuse' });
  // Before the window: only the last allocation of a memory grows where it lies.
  const record = new BcfScannedRecord(parser, memory, header.parsed.samples.length);
  const window = await openTextWindow(file, { memory, onCompressed, threads });
  const whole = new WholeRecords(window, header.bytes, parser.lengthAt);
  let taken = 0;
  try {
    for (let span = await whole.next(); span !== undefined; span = await whole.next()) {
      const records = new RecordBatch<CalledRecord>(record, span, taken);
      yield { records, progress: window.progress };
      taken = records.finish();
    }
    refuseUnfinished(file, whole);
  } finally {
    await window.close();
  }
}

/** The same record again and again, with other contents. */
class BcfScannedRecord extends ScannedRecord implements RecordView<CalledRecord> {
  readonly record = this;
  readonly #parser: BcfRecordParser;
  readonly #memory: TextMemory;
  readonly #kernels: PairKernels;
  readonly #samples: number;

  constructor(parser: BcfRecordParser, memory: TextMemory, samples: number) {
    super(parser, memory, samples);
    this.#parser = parser;
    this.#memory = memory;
    this.#samples = samples;
    this.#kernels = pairKernels(memory);
  }

  read(start: number, number: number): number {
    const end = this.#parser.parseSite(this.#memory.bytes, start, number);
    if (this.#scan()) this.calls.take();
    else this.calls.takeGenotypes(this.#parser.readGenotypes());
    return end;
  }

  #scan(): boolean {
    const { vectors, alts } = this.#parser;
    if (vectors === undefined || vectors.type !== BCF_TYPE.int8 || vectors.copies !== 2) return false;
    const highest = Math.min(alts.length, MOST_SCANNED);
    return this.#kernels.scanPairs(vectors.start, this.#samples, highest, this.calls.lists.at) === 1;
  }
}
