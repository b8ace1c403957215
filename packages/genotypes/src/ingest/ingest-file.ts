import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PEOPLE_PER_BLOCK } from '@federome/core';
import { openReference, openVariants, type VcfReader } from '@federome/formats';
import type { IngestOptions, IngestReport } from '../api.ts';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { GenotypeError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { syncDirectory, writeDurably } from '../manifest/durable-file.ts';
import {
  type BlockEntry,
  filesOf,
  type IngestedFile,
  MANIFEST,
  type Manifest,
} from '../manifest/manifest.ts';
import { writeManifest } from '../manifest/manifest-file.ts';
import { encodePeople } from '../manifest/people-file.ts';
import type { Placement, Roster } from '../manifest/roster.ts';
import type { ByteCache } from '../segments/cache.ts';
import { blockSizes, ingestRecords } from './ingest-records.ts';
import { type InputState, inputState, PassingDigest, sha256Of } from './input-file.ts';
import { SegmentWriter } from './segment-writer.ts';

export { blockSizes };

/** A store whose lock is held, as its manifest says now. */
export interface OpenIngest {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly cache: ByteCache;
  readonly seal: StoreSeal | undefined;
  readonly kernels: Kernels;
}

/** Removes what no manifest names: files that an ingest left which did not end. */
export async function removeOrphans({
  directory,
  manifest,
}: Pick<OpenIngest, 'directory' | 'manifest'>): Promise<void> {
  const named = new Set<string>(filesOf(manifest).map(({ file }) => file));
  for (const file of await readdir(directory)) {
    const ours = /\.(seg|people|calls|counts|groups|tmp)$/.test(file);
    if (ours && !named.has(file)) await rm(join(directory, file));
  }
}

/** See `GenotypeStore.ingest`. Whatever goes wrong, the manifest stays what it was and no file of this ingest remains. */
export async function ingestFile(
  ingest: OpenIngest,
  file: string,
  options: IngestOptions,
): Promise<IngestReport> {
  const input = await inputState(file);
  const known = await sameFile(ingest.manifest.files, file, input);
  if (known !== undefined) {
    const { samples, records, variants } = known;
    return { file, outcome: 'already-ingested', samples, newSamples: 0, records, variants };
  }
  const reader = await openVariants(file, { assembly: ingest.manifest.assembly });
  const { samples } = reader.header;
  if (samples.length === 0) {
    throw new GenotypeError(
      'genotypes/no-samples',
      'the file has no samples: expected columns after FORMAT',
      {
        location: { file },
      },
    );
  }
  const placement = ingest.roster.place(samples, file);
  try {
    return await ingestPlaced(ingest, reader, placement, input, options);
  } catch (cause) {
    await removeOrphans(ingest);
    throw cause;
  }
}

/** The file that was ingested with the same content. Files of other sizes need not be read to see that there is none. */
export async function sameFile(
  known: readonly IngestedFile[],
  file: string,
  { bytes }: InputState,
): Promise<IngestedFile | undefined> {
  if (!known.some((each) => each.bytes === bytes)) return undefined;
  const sha256 = await sha256Of(file);
  return known.find((each) => each.sha256 === sha256);
}

async function ingestPlaced(
  { directory, manifest, roster, cache, seal }: OpenIngest,
  reader: VcfReader,
  placement: Placement,
  input: InputState,
  options: IngestOptions,
): Promise<IngestReport> {
  const { file, header } = reader;
  const { firstBlock } = placement;
  const known = placement.kind === 'known';
  const people = known
    ? manifest.blocks.slice(firstBlock, firstBlock + placement.blocks).map((block) => block.people.count)
    : blockSizes(header.samples.length);
  const generation = manifest.generation + 1;
  const writer = new SegmentWriter({
    directory,
    prefix: `${generation}`,
    cache,
    seal,
    firstBlock,
    people,
    file,
    existing: manifest.segments,
  });
  const reference = options.reference === undefined ? undefined : await openReference(options.reference);
  const { assembly } = manifest;
  const digest = new PassingDigest();
  const source = {
    reader,
    onCompressed: digest.take,
    threads: options.threads ?? 1,
    assembly,
    reference: reference?.bases.bind(reference),
    onProgress: options.onProgress,
  };
  const { records, contigs } = await ingestRecords(source, people, writer).finally(() => reference?.close());
  const sha256 = await digest.finish(file, input);
  const blocks = known
    ? manifest.blocks.map((block, index) =>
        index >= firstBlock && index < firstBlock + people.length ? withContigs(block, contigs) : block,
      )
    : [
        ...markMoved(manifest.blocks, placement.moved),
        ...(await writePeople({ directory, seal }, generation, header.samples, people, contigs)),
      ];
  const ingested: IngestedFile = {
    sha256,
    bytes: input.bytes,
    name: basename(file),
    records,
    variants: writer.variants,
    samples: header.samples.length,
  };
  await syncDirectory(directory);
  const grown: Manifest = {
    ...manifest,
    generation,
    variants: manifest.variants + writer.newVariants,
    blocks,
    files: [...manifest.files, ingested],
    segments: [...manifest.segments, ...writer.entries],
  };
  await writeManifest(join(directory, MANIFEST), grown, seal);
  return {
    file,
    outcome: 'ingested',
    samples: header.samples.length,
    newSamples: header.samples.filter((name) => roster.personOf(name) === undefined).length,
    records,
    variants: writer.variants,
  };
}

/** Writes a people file for each block that the samples fill; the manifest is the caller's. */
export async function writePeople(
  { directory, seal }: Pick<OpenIngest, 'directory' | 'seal'>,
  prefix: number | string,
  samples: readonly string[],
  sizes: readonly number[],
  contigs: ReadonlySet<string> | undefined,
): Promise<readonly BlockEntry[]> {
  const entries: BlockEntry[] = [];
  let start = 0;
  for (const size of sizes) {
    const file = `${prefix}-${entries.length}.people`;
    const { bytes, entry } = encodePeople(file, samples.slice(start, start + size));
    const stored = await writeDurably(join(directory, file), [bytes], seal);
    entries.push({
      people: { ...entry, stored },
      genotyped: contigs !== undefined,
      contigs: [...(contigs ?? [])],
      moved: [],
    });
    start += size;
  }
  return entries;
}

export function withContigs(block: BlockEntry, contigs: ReadonlySet<string>): BlockEntry {
  return { ...block, contigs: [...new Set([...block.contigs, ...contigs])] };
}

export function markMoved(blocks: readonly BlockEntry[], moved: readonly number[]): readonly BlockEntry[] {
  const places = Map.groupBy(moved, (person) => Math.floor(person / PEOPLE_PER_BLOCK));
  return blocks.map((block, index) => {
    const gone = places.get(index)?.map((person) => person % PEOPLE_PER_BLOCK);
    return gone === undefined ? block : { ...block, moved: [...block.moved, ...gone].sort((a, b) => a - b) };
  });
}
