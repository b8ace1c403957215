import { createReadStream } from 'node:fs';
import type { Assembly, ReferenceLookup } from '@federome/core';
import type { ReferenceSequence, VcfReader } from '@federome/formats';
import { ContigNames } from '../ingest/ingest-records.ts';
import { type InputState, PassingDigest } from '../ingest/input-file.ts';
import { FilePass, type PassTarget } from './file-pass.ts';
import type { FileToMerge, MergeOptions } from './files-to-merge.ts';
import type { PeopleSeen } from './people-seen.ts';
import { isReferenceBlock } from './reference-records.ts';
import type { Spill } from './spill.ts';

export interface FilesToRead {
  readonly spill: Spill;
  readonly seen: PeopleSeen;
  readonly assembly: Assembly;
  readonly reference: ReferenceSequence | undefined;
  readonly files: readonly FileToMerge[];
  readonly options: MergeOptions;
}

/** What reading gave: of each file its records and the alleles in them, and who the lanes of the spill are. */
export interface FilesRead {
  readonly records: readonly number[];
  readonly variants: readonly number[];
  /** SHA-256 of each file. */
  readonly digests: readonly string[];
  readonly lanes: readonly (number | undefined)[];
}

/** Reads the files one after the other, so that one is open at a time. */
export async function readFiles(run: FilesToRead): Promise<FilesRead> {
  const { spill, seen, reference, options } = run;
  const lookup: ReferenceLookup | undefined = reference?.bases.bind(reference);
  const target: PassTarget = {
    spill,
    seen,
    lanes: [],
    reference: lookup,
    quality: options.referenceQuality,
  };
  const records: number[] = [];
  const variants: number[] = [];
  const digests: string[] = [];
  let person = 0;
  for (const { reader, input } of run.files) {
    const read =
      (await readOnce(run, target, reader, person, false)) ??
      (await readOnce(run, target, reader, person, true));
    records.push(read?.records ?? 0);
    variants.push(read?.variants ?? 0);
    digests.push(await digestOf(reader.file, input));
    person += reader.header.samples.length;
  }
  return { records, variants, digests, lanes: target.lanes };
}

/**
 * `undefined` where a file that was not known to state its coverage turns out to, after other records: what it said of
 * coverage before is then read again. Files that do begin with a reference block, or soon.
 */
async function readOnce(
  { assembly, options, files }: FilesToRead,
  target: PassTarget,
  reader: VcfReader,
  person: number,
  states: boolean,
): Promise<{ readonly records: number; readonly variants: number } | undefined> {
  const contigs = new ContigNames(assembly, reader.file);
  let pass = new FilePass(target, reader, person, states);
  let knows = states;
  let records = 0;
  for await (const batch of reader.batches()) {
    for (const record of batch) {
      if (!knows && isReferenceBlock(record)) {
        pass.forget();
        if (records > 0) return undefined;
        knows = true;
        pass = new FilePass(target, reader, person, true);
      }
      pass.take(record, contigs.resolve(record));
      records += 1;
    }
    const done = files.findIndex((file) => file.reader === reader);
    options.onProgress?.({
      file: reader.file,
      ...reader.progress,
      records,
      files: done,
      filesTotal: files.length,
    });
  }
  pass.finish();
  return { records, variants: pass.variants };
}

async function digestOf(file: string, input: InputState): Promise<string> {
  const digest = new PassingDigest();
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) digest.take(chunk);
  return await digest.finish(file, input);
}
