import {
  type Assembly,
  CoreError,
  type NormalisedAllele,
  normaliseSite,
  PEOPLE_PER_BLOCK,
  type ReferenceLookup,
  resolveContig,
} from '@federome/core';
import { type CalledRecord, FormatError, type VcfReader } from '@federome/formats';
import type { IngestProgress } from '../api.ts';
import { GenotypeError } from '../errors.ts';
import { originLine } from '../segments/site-table.ts';
import type { RecordSets } from './record-sets.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { spanSets } from './span-sets.ts';

export interface RecordSource {
  readonly reader: VcfReader;
  /** Given the bytes of the file as it lies on the disk, all of them, in order. */
  readonly onCompressed: (bytes: Uint8Array) => void;
  /** Threads that inflate a BGZF file, this one included. */
  readonly threads: number;
  readonly assembly: Assembly;
  readonly reference: ReferenceLookup | undefined;
  readonly onProgress: ((progress: IngestProgress) => void) | undefined;
}

/** People of each block that so many samples fill. */
export function blockSizes(samples: number): readonly number[] {
  const whole = Math.floor(samples / PEOPLE_PER_BLOCK);
  const sizes = new Array<number>(whole).fill(PEOPLE_PER_BLOCK);
  return samples % PEOPLE_PER_BLOCK === 0 ? sizes : [...sizes, samples % PEOPLE_PER_BLOCK];
}

/** Sends every alternate allele of every record to the writer; returns the number of records and the contigs seen. */
export async function ingestRecords(
  source: RecordSource,
  people: readonly number[],
  writer: SegmentWriter,
): Promise<{ readonly records: number; readonly contigs: ReadonlySet<string> }> {
  const { reader, onProgress } = source;
  const contigs = new ContigNames(source.assembly, reader.file);
  let records = 0;
  for await (const batch of reader.calls({ onCompressed: source.onCompressed, threads: source.threads })) {
    let sets: RecordSets | undefined;
    for (const record of batch.records) {
      const contig = contigs.resolve(record);
      if (writer.mustAdvance(contig, record.position)) await writer.advance(contig, record.position);
      sets ??= spanSets(record.calls, people);
      addRecord(reader.file, record, contig, source.reference, sets, writer);
      records += 1;
    }
    onProgress?.({ file: reader.file, ...batch.progress, records });
  }
  await writer.finish();
  return { records, contigs: contigs.seen };
}

function addRecord(
  file: string,
  record: CalledRecord,
  contig: string,
  reference: ReferenceLookup | undefined,
  sets: RecordSets,
  writer: SegmentWriter,
): void {
  const { position, ref, alts, ids, line } = record;
  if (alts.length === 0) return;
  for (const { variant, alleleIndex } of normalised(file, record, contig, reference)) {
    if (isUnspecified(variant.alt) && sets.carriers(alleleIndex).length === 0) continue;
    const builder = writer.builder(variant);
    builder.addSite(variant, originLine(ids, { position, ref, alts }, variant), alleleIndex, line);
    builder.addSets(sets.carriers(alleleIndex), sets);
  }
}

function normalised(
  file: string,
  { position, ref, alts, line }: CalledRecord,
  contig: string,
  reference: ReferenceLookup | undefined,
): readonly NormalisedAllele[] {
  try {
    return normaliseSite({ contig, position, ref, alts }, reference);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new FormatError('formats/reference-mismatch', cause.message, { cause, location: { file, line } });
  }
}

/** The alleles that stand for "any other" in gVCF. */
function isUnspecified(alt: string): boolean {
  return alt === '<NON_REF>' || alt === '<*>';
}

/** Federome's names of the contigs that a file names; keeps those that came. */
export class ContigNames {
  readonly seen = new Set<string>();
  readonly #assembly: Assembly;
  readonly #file: string;
  #written = '';
  #name = '';

  constructor(assembly: Assembly, file: string) {
    this.#assembly = assembly;
    this.#file = file;
  }

  resolve({ contig, line }: Pick<CalledRecord, 'contig' | 'line'>): string {
    if (contig === this.#written) return this.#name;
    const resolution = resolveContig(this.#assembly, contig);
    if (resolution.kind === 'other-assembly') {
      throw new GenotypeError(
        'genotypes/wrong-assembly',
        `${contig} belongs to ${resolution.assembly}; expected ${this.#assembly}`,
        { location: { file: this.#file, line } },
      );
    }
    this.#written = contig;
    this.#name = resolution.kind === 'contig' ? resolution.name : contig;
    this.seen.add(this.#name);
    return this.#name;
  }
}
