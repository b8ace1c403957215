import { openByteStream } from '../bytes/byte-stream.ts';
import type { OpenVcfOptions } from '../vcf/open.ts';
import type { CallBatch, CallsOptions, VcfHeader, VcfReader, VcfRecord } from '../vcf/record.ts';
import { openTextWindow } from '../window/open-text-window.ts';
import { calledBcfRecords } from './called-records.ts';
import { type BcfHeader, readBcfHeader } from './header.ts';
import { RecordBatch, type RecordView } from './record-batch.ts';
import { BcfRecordParser } from './record-parser.ts';
import { refuseUnfinished, WholeRecords } from './whole-records.ts';

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

  calls(options: CallsOptions = {}): AsyncGenerator<CallBatch> {
    return calledBcfRecords(this.file, this.#header, { assembly: this.#options.assembly, ...options });
  }

  async *batches(): AsyncGenerator<Iterable<VcfRecord>> {
    const parser = new BcfRecordParser(this.#header, {
      file: this.file,
      assembly: this.#options.assembly,
      higherPloidy: this.#options.higherPloidy ?? 'refuse',
    });
    const window = await openTextWindow(this.file);
    const view: RecordView<VcfRecord> = {
      record: parser,
      read: (start, record) => parser.parse(window.memory.bytes, start, record),
    };
    const records = new WholeRecords(window, this.#header.bytes, parser.lengthAt);
    try {
      let taken = 0;
      for (let span = await records.next(); span !== undefined; span = await records.next()) {
        this.progress = window.progress;
        const batch = new RecordBatch(view, span, taken);
        yield batch;
        taken = batch.finish();
      }
      refuseUnfinished(this.file, records);
    } finally {
      this.progress = window.progress;
      await window.close();
    }
  }
}
