import type { Writable } from 'node:stream';
import { contigLengthBp, type Interval, type PeopleSet } from '@federome/core';
import { type VariantFormat, VariantWriter } from '@federome/formats';
import { GenotypeError } from '../errors.ts';
import { ExportedCalls } from './export-calls.ts';
import { Places } from './export-places.ts';
import { mergeLanes, windows } from './merge.ts';
import type { Snapshot } from './snapshot.ts';

export type { VariantFormat };

/** What is exported, and how. */
export interface ExportOptions {
  /** Which people, in the order of their numbers; everyone with genotypes unless given. */
  readonly people?: PeopleSet | undefined;
  /**
   * Which people, in which order, instead of `people`. `genotypes/unknown-sample` for any other name,
   * `genotypes/duplicate-sample` for one that comes twice.
   */
  readonly samples?: readonly string[] | undefined;
  /** `vcf` (text) unless given, `vcf.gz` (BGZF), or `bcf` (BCF 2.2, BGZF). */
  readonly format?: VariantFormat | undefined;
}

/** See `GenotypeStore.exportGenotypes`. */
export async function exportGenotypes(
  snapshot: Snapshot,
  interval: Interval,
  out: Writable,
  { people: set, samples, format = 'vcf' }: ExportOptions,
): Promise<void> {
  const { contig } = interval;
  const { assembly } = snapshot.manifest;
  const everyone = () => snapshot.roster.people(({ contigs }) => contigs.length > 0);
  const people = samples === undefined ? [...(set ?? everyone())] : peopleOf(snapshot, samples);
  const writer = new VariantWriter(out, format, {
    contig,
    lengthBp: contigLengthBp(assembly, contig),
    assembly,
    samples: samples ?? people.map((person) => snapshot.roster.sampleOf(person)!),
  });
  const calls = new ExportedCalls(snapshot, contig, new Places(people));
  await writer.start();
  for await (const lanes of windows(snapshot, interval)) {
    for (const rows of mergeLanes(lanes)) {
      const { lane, row } = rows[0]!;
      const { variant, ids } = lanes[lane]!.table.site(row);
      const { position, ref, alt } = variant;
      if (position + ref.length <= interval.start) continue;
      const listings = rows.map((listing) => ({
        segment: lanes[listing.lane]!.segment,
        row: listing.row,
      }));
      const waiting = writer.write({ position, ids, ref, alt }, await calls.of(variant, listings));
      if (waiting !== undefined) await waiting;
    }
  }
  await writer.finish();
}

/** Numbers of people, in the order of their names. */
function peopleOf(snapshot: Snapshot, samples: readonly string[]): readonly number[] {
  const before = new Map<number, number>();
  return samples.map((name, place) => {
    const person = snapshot.roster.personOf(name);
    if (person === undefined)
      throw new GenotypeError(
        'genotypes/unknown-sample',
        `sample ${place + 1} of the list is not in this store`,
      );
    const first = before.get(person);
    if (first !== undefined)
      throw new GenotypeError(
        'genotypes/duplicate-sample',
        `sample ${place + 1} of the list is the same as sample ${first + 1}`,
      );
    before.set(person, place);
    return person;
  });
}
