import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { contigLengthBp, type Interval, PEOPLE_PER_BLOCK } from '@federome/core';
import { GenotypeError } from '../errors.ts';
import { PHASE } from '../segments/builder.ts';
import { readSet, setBytes } from '../segments/haplotype-set.ts';
import type { BlockIndex, Segment } from '../segments/segment.ts';
import { ploidyNeighbour } from './absent.ts';
import { carrierHaplotypes } from './count-variant.ts';
import { type Lane, type LaneRow, mergeLanes, windows } from './merge.ts';
import { pageOf } from './segment-counter.ts';
import type { Snapshot } from './snapshot.ts';

export interface ExportOptions {
  /** Which people, in which order; everyone with genotypes unless given. `genotypes/unknown-sample` for any other name. */
  readonly samples?: readonly string[] | undefined;
}

const CALL = { ref: '0', alt: '1', missing: '.', absent: '' } as const;
const REF = 0;
const ALT = 1;
const MISSING = 2;
const ABSENT = 3;
const WRITTEN = [CALL.ref, CALL.alt, CALL.missing, CALL.absent];

/** See `GenotypeStore.exportVcf`. */
export async function exportVcf(
  snapshot: Snapshot,
  interval: Interval,
  out: Writable,
  { samples }: ExportOptions,
): Promise<void> {
  const people = peopleOf(snapshot, samples);
  await write(out, headerOf(snapshot, interval.contig, people));
  for await (const lanes of windows(snapshot, interval)) {
    for (const rows of mergeLanes(lanes)) {
      const { lane, row } = rows[0]!;
      const { variant, ids } = lanes[lane]!.table.site(row);
      if (variant.position + variant.ref.length <= interval.start) continue;
      const blocks = await genotypesOf(snapshot, lanes, rows);
      const fields = [
        variant.contig,
        variant.position + 1,
        ids.length === 0 ? '.' : ids.join(';'),
        variant.ref,
        variant.alt,
        '.\t.\t.\tGT',
        ...people.map((person) => callOf(blocks, person)),
      ];
      await write(out, `${fields.join('\t')}\n`);
    }
  }
}

function peopleOf(snapshot: Snapshot, samples: readonly string[] | undefined): readonly number[] {
  if (samples === undefined) return [...snapshot.roster.people(({ contigs }) => contigs.length > 0)];
  return samples.map((name, place) => {
    const person = snapshot.roster.personOf(name);
    if (person !== undefined) return person;
    throw new GenotypeError(
      'genotypes/unknown-sample',
      `sample ${place + 1} of the list is not in this store`,
    );
  });
}

function headerOf(snapshot: Snapshot, contig: string, people: readonly number[]): string {
  const { assembly } = snapshot.manifest;
  const length = contigLengthBp(assembly, contig);
  return [
    '##fileformat=VCFv4.3',
    `##contig=<ID=${contig}${length === undefined ? '' : `,length=${length}`},assembly=${assembly}>`,
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    [
      '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT',
      ...people.map((person) => snapshot.roster.sampleOf(person)),
    ].join('\t'),
    '',
  ].join('\n');
}

/** The calls of one block at one site: a state (`REF` …) a haplotype, and who is phased. */
interface BlockGenotypes {
  readonly states: Uint8Array;
  readonly phased: Uint8Array;
}

function callOf(blocks: ReadonlyMap<number, BlockGenotypes>, person: number): string {
  const block = blocks.get(Math.floor(person / PEOPLE_PER_BLOCK));
  if (block === undefined) return './.';
  const place = person % PEOPLE_PER_BLOCK;
  const first = block.states[2 * place]!;
  const second = block.states[2 * place + 1]!;
  if (second === ABSENT) return first === ABSENT ? '.' : WRITTEN[first]!;
  return `${WRITTEN[first]}${block.phased[place] === 1 ? '|' : '/'}${WRITTEN[second]}`;
}

async function genotypesOf(
  snapshot: Snapshot,
  lanes: readonly Lane[],
  rows: readonly LaneRow[],
): Promise<ReadonlyMap<number, BlockGenotypes>> {
  const blocks = new Map<number, BlockGenotypes>();
  for (const { lane, row } of rows) {
    const { segment } = lanes[lane]!;
    const { firstBlock, blocks: count } = segment.entry;
    for (let block = firstBlock; block < firstBlock + count; block += 1) {
      blocks.set(block, await listedGenotypes(segment, block, row));
    }
  }
  const { lane, row } = rows[0]!;
  const variant = lanes[lane]!.table.variant(row);
  for (const block of snapshot.blocksOn(variant.contig)) {
    if (blocks.has(block)) continue;
    const people = snapshot.roster.blocks[block]!.people;
    const states = new Uint8Array(2 * people).fill(snapshot.manifest.absent === 'missing' ? MISSING : REF);
    const neighbour =
      snapshot.manifest.absent === 'missing' ? undefined : await ploidyNeighbour(snapshot, block, variant);
    if (neighbour !== undefined) {
      const { absent } = await uncalledHaplotypes(neighbour.segment, block, neighbour.row);
      for (const haplotype of absent) states[haplotype] = ABSENT;
    }
    blocks.set(block, { states, phased: new Uint8Array(people) });
  }
  return blocks;
}

async function listedGenotypes(segment: Segment, block: number, row: number): Promise<BlockGenotypes> {
  const index = await segment.index(block);
  const states = new Uint8Array(2 * index.people);
  for (const haplotype of await carrierHaplotypes(segment, block, row)) states[haplotype] = ALT;
  const { missing, absent } = await uncalledHaplotypes(segment, block, row);
  for (const haplotype of missing) states[haplotype] = MISSING;
  for (const haplotype of absent) states[haplotype] = ABSENT;
  const phase = index.phase[row]!;
  const phased = new Uint8Array(index.people).fill(phase === PHASE.all ? 1 : 0);
  if (phase > PHASE.none) {
    const { missing: who } = await patternSets(segment, block, index, phase - 1);
    for (const haplotype of who) phased[haplotype >> 1] = 1;
  }
  return { states, phased };
}

async function uncalledHaplotypes(segment: Segment, block: number, row: number) {
  const index = await segment.index(block);
  return patternSets(segment, block, index, index.uncalled[row]!);
}

/** The two sets of a pattern, as ascending haplotypes. */
async function patternSets(segment: Segment, block: number, index: BlockIndex, pattern: number) {
  if (pattern === 0) return { missing: new Uint16Array(0), absent: new Uint16Array(0) };
  const { missingKinds, missingUnits, absentKinds, absentUnits, offsets } = index.patterns;
  const row = pattern - 1;
  const page = pageOf(index.patternPages, offsets[row]!);
  const bytes = await segment.page(block, 'pattern', index, page);
  const start = offsets[row]! - index.patternPages.rawStarts[page]!;
  const missing = { kind: missingKinds[row]!, units: missingUnits[row]! };
  const absent = { kind: absentKinds[row]!, units: absentUnits[row]! };
  const middle = start + setBytes(missing.kind, missing.units, index.planeBytes);
  const end = middle + setBytes(absent.kind, absent.units, index.planeBytes);
  return {
    missing: readSet(missing, index.people, index.planeBytes, bytes.subarray(start, middle)),
    absent: readSet(absent, index.people, index.planeBytes, bytes.subarray(middle, end)),
  };
}

async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
