import type { Writable } from 'node:stream';
import { BcfEncoder } from '../bcf/encode.ts';
import { BgzfSink } from '../bytes/bgzf-writer.ts';
import { ChunkedOutput, PlainSink } from '../bytes/chunked-output.ts';
import { VcfEncoder } from '../vcf/encode.ts';
import type { RecordEncoder, VariantFormat, WrittenCalls, WrittenHeader, WrittenSite } from './written.ts';

/**
 * Writes genotypes to a stream at its pace; memory is two chunks of 1 MiB and four bytes a sample for each kind of phase.
 * Does not end the stream. Rejects with the stream's error.
 *
 * @example
 * const writer = new VariantWriter(out, 'bcf', { contig: '22', lengthBp: 51_304_566, assembly: 'GRCh37', samples });
 * await writer.start();
 * for (const { site, calls } of sites) await writer.write(site, calls);
 * await writer.finish();
 */
export class VariantWriter {
  readonly #encoder: RecordEncoder;
  readonly #output: ChunkedOutput;

  constructor(out: Writable, format: VariantFormat, header: WrittenHeader) {
    this.#encoder = format === 'bcf' ? new BcfEncoder(header) : new VcfEncoder(header);
    this.#output = new ChunkedOutput(format === 'vcf' ? new PlainSink(out) : new BgzfSink(out));
  }

  /** Writes the header. */
  start(): Promise<void> {
    return this.#output.append(this.#encoder.header());
  }

  /** Writes a record; sites must come in order. What it returns need be waited for where it returns something. */
  write(site: WrittenSite, calls: WrittenCalls): Promise<void> | undefined {
    const [fixed, genotypes] = this.#encoder.record(site, calls);
    if (!this.#output.hasRoom(fixed.length + genotypes.length)) return this.#append(fixed, genotypes);
    this.#output.push(fixed);
    this.#output.push(genotypes);
    return undefined;
  }

  /** Writes what is left, and the end-of-file block of BGZF. */
  finish(): Promise<void> {
    return this.#output.finish();
  }

  async #append(fixed: Uint8Array, genotypes: Uint8Array): Promise<void> {
    await this.#output.append(fixed);
    await this.#output.append(genotypes);
  }
}
