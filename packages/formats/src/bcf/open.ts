import { openByteStream } from '../bytes/byte-stream.ts';
import { FormatError } from '../errors.ts';
import type { OpenVcfOptions } from '../vcf/open.ts';
import type { VcfHeader, VcfReader, VcfRecord } from '../vcf/record.ts';
import { openTextWindow } from '../window/open-text-window.ts';
import type { TextSpan } from '../window/text-window.ts';
import { type BcfHeader, readBcfHeader } from './header.ts';
import { BcfRecordParser } from './record-parser.ts';
import { WholeRecords } from './whole-records.ts';

/**
 * Opens a BCF file of version 2.2, BGZF (`bcftools view -Ob`) or as it is (`-Ou`), and reads its header. Records are
 * those that VCF would give, held to the same rules, with their number in the place of a line. Of FORMAT fields beside
 * GT, type and greatest number of values are checked for the record, not for every sample. Raises `FormatError` with
 * file, record and, where it is of a column that VCF has, that column.
 */
export async function openBcf(path: string, options: OpenVcfOptions = {}): Promise<VcfReader> {
  const bytes = await openByteStream(path);
  const { bytesTotal } = bytes.progress;
  const header = await readBcfHeader(bytes, path, options.assembly);
  return new BcfFile(path, header, bytesTotal, options);
}

class BcfFile implements VcfReader {
  readonly file: string;
  progress: { readonly bytesRead: number; readonly bytesTotal: number };
  readonly #header: BcfHeader;
  readonly #options: OpenVcfOptions;

  constructor(file: string, header: BcfHeader, bytesTotal: number, options: OpenVcfOptions) {
    this.file = file;
    this.#header = header;
    this.progress = { bytesRead: 0, bytesTotal };
    this.#options = options;
  }

  get header(): VcfHeader {
    return this.#header.parsed;
  }

  async *batches(): AsyncGenerator<Iterable<VcfRecord>> {
    const parser = new BcfRecordParser(this.#header, {
      file: this.file,
      assembly: this.#options.assembly,
      higherPloidy: this.#options.higherPloidy ?? 'refuse',
    });
    const window = await openTextWindow(this.file);
    const records = new WholeRecords(window, this.#header.bytes, parser.lengthAt);
    try {
      let taken = 0;
      for (let span = await records.next(); span !== undefined; span = await records.next()) {
        this.progress = window.progress;
        const batch = new RecordBatch(parser, window.memory.bytes, span, taken);
        yield batch;
        taken = batch.finish();
      }
      if (records.unfinishedBytes > 0)
        throw new FormatError('formats/truncated', 'the file ends inside a record', {
          location: { file: this.file, line: records.nextRecord },
        });
    } finally {
      this.progress = window.progress;
      await window.close();
    }
  }
}

/** The records of one span. Those that its reader leaves are read all the same, so that faults are found. */
class RecordBatch implements Iterable<VcfRecord>, Iterator<VcfRecord> {
  readonly #parser: BcfRecordParser;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #records: number;

  constructor(parser: BcfRecordParser, bytes: Buffer, { start, end }: TextSpan, recordsBefore: number) {
    this.#parser = parser;
    this.#bytes = bytes;
    this.#end = end;
    this.#at = start;
    this.#records = recordsBefore;
  }

  [Symbol.iterator](): Iterator<VcfRecord> {
    return this;
  }

  next(): IteratorResult<VcfRecord> {
    if (this.#at >= this.#end) return { done: true, value: undefined };
    this.#records += 1;
    this.#at = this.#parser.parse(this.#bytes, this.#at, this.#records);
    return { done: false, value: this.#parser };
  }

  /** Number of records up to the end of the batch. */
  finish(): number {
    while (this.next().done !== true);
    return this.#records;
  }
}
