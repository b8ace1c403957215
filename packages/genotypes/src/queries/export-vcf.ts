import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { contigLengthBp, type Interval, PEOPLE_PER_BLOCK } from '@federome/core';
import { GenotypeError } from '../errors.ts';
import { membersOf } from '../segments/members.ts';
import type { Segment } from '../segments/segment.ts';
import { ploidyNeighbour } from './absent.ts';
import { type Lane, type LaneRow, mergeLanes, windows } from './merge.ts';
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
  for (const { lane, row } of rows) await addListed(lanes[lane]!.segment, row, blocks);
  const { lane, row } = rows[0]!;
  const variant = lanes[lane]!.table.variant(row);
  for (const block of snapshot.blocksOn(variant.contig)) {
    if (blocks.has(block)) continue;
    const people = snapshot.roster.blocks[block]!.people;
    const states = new Uint8Array(2 * people).fill(snapshot.manifest.absent === 'missing' ? MISSING : REF);
    const neighbour =
      snapshot.manifest.absent === 'missing' ? undefined : await ploidyNeighbour(snapshot, block, variant);
    if (neighbour !== undefined) {
      const { segment } = neighbour;
      const index = await segment.index();
      const start = 2 * PEOPLE_PER_BLOCK * (block - segment.entry.firstBlock);
      for (const haplotype of await membersOf(segment, index.shared(index.absent[neighbour.row]!))) {
        if (haplotype >= start && haplotype < start + states.length) states[haplotype - start] = ABSENT;
      }
    }
    blocks.set(block, { states, phased: new Uint8Array(people) });
  }
  return blocks;
}

/** The genotypes of a row in every block of its segment. */
async function addListed(segment: Segment, row: number, blocks: Map<number, BlockGenotypes>): Promise<void> {
  const index = await segment.index();
  const { people } = index.span;
  const states = new Uint8Array(2 * PEOPLE_PER_BLOCK * people.length);
  const { usual, missingToo, unusual } = index.phase(row);
  const phased = new Uint8Array(PEOPLE_PER_BLOCK * people.length).fill(usual === 'all' ? 1 : 0);
  const members = (number: number) => membersOf(segment, index.shared(number));
  for (const haplotype of await membersOf(segment, index.carriers(row))) states[haplotype] = ALT;
  for (const person of await members(index.missingPeople[row]!))
    states.fill(MISSING, 2 * person, 2 * person + 2);
  for (const haplotype of await members(index.missing[row]!)) states[haplotype] = MISSING;
  for (const haplotype of await members(index.absent[row]!)) states[haplotype] = ABSENT;
  for (const number of missingToo ? [index.missingPeople[row]!, unusual] : [unusual])
    for (const person of await members(number)) phased[person] = usual === 'all' ? 0 : 1;
  people.forEach((_, place) => {
    const start = PEOPLE_PER_BLOCK * place;
    blocks.set(segment.entry.firstBlock + place, {
      states: states.subarray(2 * start, 2 * (start + PEOPLE_PER_BLOCK)),
      phased: phased.subarray(start, start + PEOPLE_PER_BLOCK),
    });
  });
}

async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
