import { join } from 'node:path';
import { compareContigs, formatVariant, PEOPLE_PER_BLOCK } from '@federome/core';
import { CallabilityBuilder } from '../callability/builder.ts';
import { Callability } from '../callability/callability.ts';
import type { CallabilityEntry } from '../callability/format.ts';
import { unionOf } from '../callability/union.ts';
import { GenotypeError } from '../errors.ts';
import type { OpenIngest } from '../ingest/ingest-file.ts';
import type { SegmentWriter } from '../ingest/segment-writer.ts';
import { writeDurably } from '../manifest/durable-file.ts';
import { originLine } from '../segments/site-table.ts';
import type { FileToMerge } from './files-to-merge.ts';
import { type PeopleSeen, stretchBase } from './people-seen.ts';
import { type CoverageChange, SiteMerger } from './site-merger.ts';
import type { Spill } from './spill.ts';
import { Stretch } from './stretch.ts';
import { STRETCH_BITS } from './words.ts';

export interface ContigsToMerge {
  readonly ingest: OpenIngest;
  readonly spill: Spill;
  readonly seen: PeopleSeen;
  readonly lanes: readonly (number | undefined)[];
  readonly writer: SegmentWriter;
  readonly firstBlock: number;
  readonly people: readonly number[];
  readonly files: readonly FileToMerge[];
}

/** Writes the segments of all contigs in genome order, and where people were called if anything states it. */
export async function mergeContigs(run: ContigsToMerge): Promise<readonly CallabilityEntry[]> {
  const { seen, writer, ingest } = run;
  const entries: CallabilityEntry[] = [];
  const numbers = numbersOf(run.people);
  const merger = new SiteMerger(numbers);
  const stretch = new Stretch();
  const stretches = [...run.spill.stretches].sort((a, b) => a - b);
  for (const contig of [...seen.contigs].sort(compareContigs)) {
    const builders = await mergeContig(run, numbers, merger, stretch, stretches, contig);
    for (const builder of builders) {
      const file = `${ingest.manifest.generation + 1}-${entries.length}.calls`;
      const { parts, entry } = builder.finish();
      const stored = await writeDurably(join(ingest.directory, file), parts, ingest.seal);
      entries.push({ ...entry, file, stored });
    }
  }
  await writer.finish();
  return entries;
}

async function mergeContig(
  run: ContigsToMerge,
  numbers: Uint32Array,
  merger: SiteMerger,
  stretch: Stretch,
  stretches: readonly number[],
  contig: string,
): Promise<readonly CallabilityBuilder[]> {
  const { seen, spill, lanes, writer, ingest } = run;
  const number = seen.contig(contig);
  const copies =
    ingest.manifest.absent === 'reference' ? seen.firstCopies(number) : new Uint8Array(seen.people);
  const keep = statesCoverage(run, number);
  const builders = keep
    ? run.people.map((people, place) => new CallabilityBuilder(contig, run.firstBlock + place, people))
    : [];
  const note = (changes: readonly CoverageChange[]) => {
    for (const { position, person, copies: now } of changes) {
      const inSpan = numbers[person]!;
      builders[Math.floor(inSpan / PEOPLE_PER_BLOCK)]?.add(position, inSpan % PEOPLE_PER_BLOCK, now);
    }
  };
  note(merger.begin({ statesCoverage: seen.statesCoverage, copies }));
  const base = stretchBase(number);
  const own = stretches.filter((each) => each >= base - 1 && each < base + 0xffff).map((each) => each - base);
  for (let place = 0; place < own.length || [...merger.pending()].length > 0; ) {
    const pending = Math.min(...merger.pending());
    const next = Math.min(own[place] ?? Number.POSITIVE_INFINITY, pending);
    if (next === own[place]) place += 1;
    stretch.load(spill, base + next, lanes);
    const start = next * 2 ** STRETCH_BITS;
    const variants = merger.variants(stretch, start, (person, position, ref, alt) =>
      repeated(run, person, formatVariant({ contig, position, ref, alt })),
    );
    for (let step = variants.next(); ; step = variants.next()) {
      if (step.done === true) {
        note(step.value);
        break;
      }
      const { position, ref, alt, ids, carriers, uncalled } = step.value;
      const variant = { contig, position, ref, alt };
      if (writer.mustAdvance(contig, position)) await writer.advance(contig, position);
      const builder = writer.builder(variant);
      builder.addSite(variant, originLine(ids, { position, ref, alts: [alt] }, variant), 1, 0);
      builder.addSets(carriers, uncalled);
    }
  }
  return await Promise.all(builders.map((builder) => withKnown(ingest, builder)));
}

/** With what the store knows already of where the same people were called. */
async function withKnown(
  { directory, manifest, cache, seal }: OpenIngest,
  builder: CallabilityBuilder,
): Promise<CallabilityBuilder> {
  const known = manifest.callability?.find(
    ({ contig, block }) => contig === builder.contig && block === builder.block,
  );
  if (known === undefined) return builder;
  const path = join(directory, known.file);
  return await unionOf(path, new Callability(path, known, cache, seal), builder, cache);
}

/** Whether the contig's files say more of who was called than that everyone was, or that who is not listed was not. */
function statesCoverage({ seen, ingest, firstBlock, people }: ContigsToMerge, contig: number): boolean {
  if (seen.statesCoverage.includes(1)) return true;
  if (ingest.manifest.absent === 'reference' && seen.firstCopies(contig).includes(0)) return true;
  return (ingest.manifest.callability ?? []).some(
    (entry) =>
      entry.contig === seen.contigs[contig] &&
      entry.block >= firstBlock &&
      entry.block < firstBlock + people.length,
  );
}

/** The number within its span of each person, counted over the blocks. */
function numbersOf(people: readonly number[]): Uint32Array {
  const numbers = new Uint32Array(people.reduce((sum, count) => sum + count, 0));
  let person = 0;
  people.forEach((count, block) => {
    for (let place = 0; place < count; place += 1) numbers[person++] = block * PEOPLE_PER_BLOCK + place;
  });
  return numbers;
}

function repeated({ files }: ContigsToMerge, person: number, variant: string): GenotypeError {
  let first = 0;
  const owner = files.find(({ reader }) => {
    first += reader.header.samples.length;
    return person < first;
  });
  return new GenotypeError(
    'genotypes/duplicate-variant',
    `${variant} (normalised) is there a second time for the same people`,
    { location: { file: owner?.reader.file ?? '' } },
  );
}
