import type { Assembly } from '@federome/core';
import { openInput, openVariants, type VcfReader } from '@federome/formats';
import { isReferenceBlock } from './reference-records.ts';

/** Files that one change of a store takes in; several, or one with reference blocks, are taken in `together`. */
export interface IngestStep {
  readonly files: readonly string[];
  readonly together: boolean;
}

/** Files with at most this many samples are merged with others of their kind. */
export const FEW_SAMPLES = 64;
/** Calls, but at least records, within which a file with reference blocks has one: they are most of its records. */
const CALLS_LOOKED_AT = 64_000;
const LEAST_LOOKED_AT = 10;
/** What the header of a file with reference blocks declares one of. */
const DECLARED = ['ID=NON_REF', 'ID=*', 'ID=END'];

interface Opened {
  readonly reader: VcfReader | undefined;
  readonly cause: unknown;
}

/** A file of so many samples that their names need not be read to see it, and without blocks. */
const MANY: Opened = { reader: undefined, cause: undefined };

/** See `GenotypeStore.planIngest`. `blockOf` says in which block a sample has genotypes, if it has any. */
export async function planIngest(
  files: readonly string[],
  assembly: Assembly,
  blockOf: (sample: string) => number | undefined,
): Promise<readonly IngestStep[]> {
  const groups: Group[] = [];
  const failed: Opened[] = [];
  for (const file of files) {
    const opened = await look(file, assembly);
    const samples = opened.reader?.header.samples ?? [];
    if (opened.cause !== undefined) failed.push(opened);
    const few = samples.length > 0 && samples.length <= FEW_SAMPLES;
    const block = few ? (blockOf(samples[0]!) ?? -1) : Number.NaN;
    const group = groups.find(
      (each) => each.block === block && !samples.some((sample) => each.samples.has(sample)),
    );
    if (group === undefined)
      groups.push({ files: [file], samples: new Set(samples), block, reader: opened.reader });
    else {
      group.files.push(file);
      for (const sample of samples) group.samples.add(sample);
    }
  }
  // Of files that go in whole or not at all, none goes in when one cannot even be opened.
  if (failed.length > 0 && groups.some((group) => group.files.length > 1)) throw failed[0]!.cause;
  const steps: IngestStep[] = [];
  for (const { files: own, reader } of groups)
    steps.push({ files: own, together: own.length > 1 || (await hasBlocks(reader)) });
  return steps;
}

interface Group {
  readonly files: string[];
  readonly samples: Set<string>;
  readonly block: number;
  /** Of the first file. */
  readonly reader: VcfReader | undefined;
}

async function look(file: string, assembly: Assembly): Promise<Opened> {
  try {
    if (await isPlainAndLarge(file)) return MANY;
    return { reader: await openVariants(file, { assembly }), cause: undefined };
  } catch (cause) {
    return { reader: undefined, cause };
  }
}

/** Whether 64 KiB do not hold the names of the samples, and nothing before them declares reference blocks. */
async function isPlainAndLarge(file: string): Promise<boolean> {
  const { head, chunks } = await openInput(file);
  // Only an iteration that has begun releases the file when it is left.
  await chunks.next();
  await chunks.return(undefined);
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const titles = text.indexOf('\n#CHROM');
  if (titles < 0 || text.indexOf('\n', titles + 1) >= 0) return false;
  return !DECLARED.some((declared) => text.subarray(0, titles).includes(declared));
}

async function hasBlocks(reader: VcfReader | undefined): Promise<boolean> {
  if (reader === undefined || reader.header.samples.length === 0) return false;
  let left = Math.max(LEAST_LOOKED_AT, Math.ceil(CALLS_LOOKED_AT / reader.header.samples.length));
  try {
    for await (const batch of reader.batches()) {
      for (const record of batch) {
        if (isReferenceBlock(record)) return true;
        left -= 1;
        if (left === 0) return false;
      }
    }
  } catch {
    // The ingest comes to the same fault, and says so.
  }
  return false;
}
