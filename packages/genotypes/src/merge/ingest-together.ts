import { basename, join } from 'node:path';
import { openReference, openVariants, type VcfReader } from '@federome/formats';
import type { IngestReport } from '../api.ts';
import type { CallabilityEntry } from '../callability/format.ts';
import { GenotypeError } from '../errors.ts';
import {
  blockSizes,
  markMoved,
  type OpenIngest,
  removeOrphans,
  sameFile,
  withContigs,
  writePeople,
} from '../ingest/ingest-file.ts';
import { inputState } from '../ingest/input-file.ts';
import { SegmentWriter } from '../ingest/segment-writer.ts';
import { syncDirectory } from '../manifest/durable-file.ts';
import { type IngestedFile, MANIFEST, type Manifest } from '../manifest/manifest.ts';
import { writeManifest } from '../manifest/manifest-file.ts';
import type { Placement } from '../manifest/roster.ts';
import type { FileToMerge, MergeOptions } from './files-to-merge.ts';
import { mergeContigs } from './merge-contigs.ts';
import { PeopleSeen } from './people-seen.ts';
import { readFiles } from './read-files.ts';
import { Spill } from './spill.ts';

const HELD_BYTES = 128 << 20;

/** See `GenotypeStore.ingestTogether`. Whatever goes wrong, the manifest stays what it was and nothing remains. */
export async function ingestTogether(
  ingest: OpenIngest,
  files: readonly string[],
  options: MergeOptions,
): Promise<readonly IngestReport[]> {
  const fresh: FileToMerge[] = [];
  const reports = new Map<string, IngestReport>();
  for (const file of files) {
    const input = await inputState(file);
    const known = await sameFile(ingest.manifest.files, file, input);
    if (known === undefined) fresh.push({ reader: await openChecked(ingest, file), input });
    else {
      const { samples, records, variants } = known;
      reports.set(file, { file, outcome: 'already-ingested', samples, newSamples: 0, records, variants });
    }
  }
  if (fresh.length > 0) {
    refuseSharedSamples(fresh);
    try {
      for (const report of await mergeFresh(ingest, inRosterOrder(ingest, fresh), options))
        reports.set(report.file, report);
    } catch (cause) {
      await removeOrphans(ingest);
      throw cause;
    }
  }
  return files.map((file) => reports.get(file)!);
}

async function openChecked({ manifest }: OpenIngest, file: string): Promise<VcfReader> {
  const reader = await openVariants(file, { assembly: manifest.assembly });
  if (reader.header.samples.length > 0) return reader;
  throw new GenotypeError('genotypes/no-samples', 'the file has no samples: expected columns after FORMAT', {
    location: { file },
  });
}

function refuseSharedSamples(files: readonly FileToMerge[]): void {
  const owners = new Map<string, string>();
  for (const { reader } of files) {
    reader.header.samples.forEach((sample, place) => {
      const other = owners.get(sample);
      if (other === undefined) owners.set(sample, reader.file);
      else
        throw new GenotypeError(
          'genotypes/samples-overlap',
          `sample ${place + 1} of ${reader.file} is in ${other} too: files that are merged have different people`,
          { location: { file: reader.file }, publicMessage: 'two files have a sample in common' },
        );
    });
  }
}

/** People who have genotypes keep their order, whatever the order of their files: each file names its own. */
function inRosterOrder({ roster }: OpenIngest, files: readonly FileToMerge[]): readonly FileToMerge[] {
  const first = ({ reader }: FileToMerge) => roster.personOf(reader.header.samples[0]!);
  if (files.some((file) => first(file) === undefined)) return files;
  return [...files].sort((a, b) => first(a)! - first(b)!);
}

async function mergeFresh(
  ingest: OpenIngest,
  files: readonly FileToMerge[],
  options: MergeOptions,
): Promise<readonly IngestReport[]> {
  const { directory, manifest, roster, seal } = ingest;
  const samples = files.flatMap(({ reader }) => reader.header.samples);
  const placement = placed(ingest, samples, files);
  const generation = manifest.generation + 1;
  const spill = new Spill(join(directory, `${generation}.spill.tmp`), (options.heldBytes ?? HELD_BYTES) / 4);
  const reference = options.reference === undefined ? undefined : await openReference(options.reference);
  try {
    const seen = new PeopleSeen(samples.length);
    const read = await readFiles({ spill, seen, assembly: manifest.assembly, reference, files, options });
    const target = writerFor(ingest, placement, samples.length, files);
    const callability = await mergeContigs({ ...target, spill, seen, lanes: read.lanes, files, ingest });
    const ingested = files.map(
      ({ reader, input }, place): IngestedFile => ({
        sha256: read.digests[place]!,
        bytes: input.bytes,
        name: basename(reader.file),
        records: read.records[place]!,
        variants: read.variants[place]!,
        samples: reader.header.samples.length,
      }),
    );
    const contigs = new Set(seen.contigs);
    const { firstBlock, people, writer } = target;
    const blocks =
      placement.kind === 'known'
        ? manifest.blocks.map((block, index) =>
            index >= firstBlock && index < firstBlock + people.length ? withContigs(block, contigs) : block,
          )
        : [
            ...markMoved(manifest.blocks, placement.moved),
            ...(await writePeople({ directory, seal }, generation, samples, people, contigs)),
          ];
    await syncDirectory(directory);
    const grown: Manifest = {
      ...manifest,
      generation,
      variants: manifest.variants + writer.newVariants,
      blocks,
      files: [...manifest.files, ...ingested],
      segments: [...manifest.segments, ...writer.entries],
      callability: [...keptCallability(manifest.callability ?? [], callability), ...callability],
    };
    await writeManifest(join(directory, MANIFEST), grown, seal);
    return files.map(({ reader }, place) => ({
      file: reader.file,
      outcome: 'ingested',
      samples: reader.header.samples.length,
      newSamples: reader.header.samples.filter((name) => roster.personOf(name) === undefined).length,
      records: read.records[place]!,
      variants: read.variants[place]!,
    }));
  } finally {
    spill.close();
    await reference?.close();
  }
}

function placed(
  { roster }: OpenIngest,
  samples: readonly string[],
  files: readonly FileToMerge[],
): Placement {
  const known = files.find(({ reader }) => roster.personOf(reader.header.samples[0]!) !== undefined);
  return roster.place(samples, (known ?? files[0]!).reader.file);
}

function writerFor(
  { directory, manifest, cache, seal }: OpenIngest,
  placement: Placement,
  samples: number,
  files: readonly FileToMerge[],
) {
  const { firstBlock } = placement;
  const people =
    placement.kind === 'known'
      ? manifest.blocks.slice(firstBlock, firstBlock + placement.blocks).map((block) => block.people.count)
      : blockSizes(samples);
  const file = files[0]!.reader.file;
  const prefix = `${manifest.generation + 1}`;
  const existing = manifest.segments;
  const writer = new SegmentWriter({ directory, prefix, cache, seal, firstBlock, people, file, existing });
  return { firstBlock, people, writer };
}

/** Those that nothing new stands in place of. */
function keptCallability(
  before: readonly CallabilityEntry[],
  now: readonly CallabilityEntry[],
): readonly CallabilityEntry[] {
  const replaced = new Set(now.map(({ contig, block }) => `${block} ${contig}`));
  return before.filter(({ contig, block }) => !replaced.has(`${block} ${contig}`));
}
