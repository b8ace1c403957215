import type { Assembly } from '@federome/core';
import { openVariants, type VcfReader } from '@federome/formats';
import { isReferenceBlock } from './reference-records.ts';

/** Files that one change of a store takes in; several, or one with reference blocks, are taken in `together`. */
export interface IngestStep {
  readonly files: readonly string[];
  readonly together: boolean;
}

/** Files with at most this many samples are merged with others of their kind. */
export const FEW_SAMPLES = 64;
/** Records within which a file with reference blocks has one: they are most of its records. Of many samples fewer are read. */
const RECORDS_LOOKED_AT = 1_000;
const CALLS_LOOKED_AT = 100_000;
const LEAST_LOOKED_AT = 10;

interface Opened {
  readonly file: string;
  readonly reader: VcfReader | undefined;
  readonly cause: unknown;
}

/** See `GenotypeStore.planIngest`. `blockOf` says in which block a sample has genotypes, if it has any. */
export async function planIngest(
  files: readonly string[],
  assembly: Assembly,
  blockOf: (sample: string) => number | undefined,
): Promise<readonly IngestStep[]> {
  const groups: { readonly files: string[]; readonly samples: Set<string>; readonly block: number }[] = [];
  const failed: Opened[] = [];
  for (const file of files) {
    const opened = await openedOr(file, assembly);
    const samples = opened.reader?.header.samples ?? [];
    if (opened.reader === undefined) failed.push(opened);
    const few = samples.length > 0 && samples.length <= FEW_SAMPLES;
    const block = few ? (blockOf(samples[0]!) ?? -1) : Number.NaN;
    const group = groups.find(
      (each) => each.block === block && !samples.some((sample) => each.samples.has(sample)),
    );
    if (group === undefined) groups.push({ files: [file], samples: new Set(samples), block });
    else {
      group.files.push(file);
      for (const sample of samples) group.samples.add(sample);
    }
  }
  // Of files that go in whole or not at all, none goes in when one cannot even be opened.
  if (failed.length > 0 && groups.some((group) => group.files.length > 1)) throw failed[0]!.cause;
  const steps: IngestStep[] = [];
  for (const { files: own } of groups)
    steps.push({ files: own, together: own.length > 1 || (await hasBlocks(own[0]!, assembly)) });
  return steps;
}

async function openedOr(file: string, assembly: Assembly): Promise<Opened> {
  try {
    return { file, reader: await openVariants(file, { assembly }), cause: undefined };
  } catch (cause) {
    return { file, reader: undefined, cause };
  }
}

async function hasBlocks(file: string, assembly: Assembly): Promise<boolean> {
  const { reader } = await openedOr(file, assembly);
  if (reader === undefined || reader.header.samples.length === 0) return false;
  const enough = Math.max(LEAST_LOOKED_AT, CALLS_LOOKED_AT / reader.header.samples.length);
  let looked = 0;
  try {
    for await (const batch of reader.batches()) {
      for (const record of batch) {
        if (isReferenceBlock(record)) return true;
        looked += 1;
        if (looked >= Math.min(RECORDS_LOOKED_AT, enough)) return false;
      }
    }
  } catch {
    // The ingest comes to the same fault, and says so.
  }
  return false;
}
