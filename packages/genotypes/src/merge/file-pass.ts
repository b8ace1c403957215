import { CoreError, type NormalisedAllele, normaliseSite, type ReferenceLookup } from '@federome/core';
import {
  FormatError,
  type Genotypes,
  MISSING_CALL,
  NO_SECOND_COPY,
  type VcfReader,
  type VcfRecord,
} from '@federome/formats';
import { encodeAlleles } from '../segments/alleles.ts';
import { Coverage } from './coverage.ts';
import { type PeopleSeen, stretchBase } from './people-seen.ts';
import { isReferenceRecord, isUnspecified, type ReferenceQuality, reaches } from './reference-records.ts';
import type { Spill } from './spill.ts';
import { ABSENT, callOf, LANE_PEOPLE, MISSING, OTHER, STRETCH_BITS, TEXT, THIS, wordOf } from './words.ts';

export interface PassTarget {
  readonly spill: Spill;
  readonly seen: PeopleSeen;
  /** First person of each lane; `undefined` where the lane's words do not count. */
  readonly lanes: (number | undefined)[];
  readonly reference: ReferenceLookup | undefined;
  readonly quality: ReferenceQuality | undefined;
}

const NO_OFFSET = () => 0;

/** Sends what one file says of its people to the spill. */
export class FilePass {
  /** Alternate alleles sent. */
  variants = 0;
  readonly #target: PassTarget;
  readonly #file: string;
  readonly #samples: number;
  readonly #firstPerson: number;
  readonly #firstLane: number;
  readonly #coverage: readonly Coverage[];

  /** `states`: whether the file says where it was called, with reference blocks. */
  constructor(target: PassTarget, { file, header }: VcfReader, firstPerson: number, states: boolean) {
    this.#target = target;
    this.#file = file;
    this.#samples = header.samples.length;
    this.#firstPerson = firstPerson;
    this.#firstLane = target.lanes.length;
    for (let person = 0; person < this.#samples; person += LANE_PEOPLE)
      target.lanes.push(firstPerson + person);
    this.#coverage = states
      ? header.samples.map(
          (_, sample) => new Coverage(target.spill, this.#laneOf(sample), sample % LANE_PEOPLE),
        )
      : [];
    target.seen.statesCoverage.fill(states ? 1 : 0, firstPerson, firstPerson + this.#samples);
  }

  /** Makes what was sent not count. */
  forget(): void {
    this.#target.lanes.fill(undefined, this.#firstLane);
  }

  take(record: VcfRecord, contig: string): void {
    const number = this.#target.seen.contig(contig);
    const { genotypes } = record;
    this.#noteCopies(number, genotypes);
    if (isReferenceRecord(record) && !carriesAny(genotypes)) {
      this.#cover(record, number, record.end ?? record.position + record.ref.length, this.#target.quality);
      return;
    }
    for (const { variant, alleleIndex } of this.#normalised(record, contig)) {
      if (isUnspecified(variant.alt) && !carries(genotypes, alleleIndex)) continue;
      this.variants += 1;
      const code = encodeAlleles(variant.ref, variant.alt, NO_OFFSET);
      const text =
        code === TEXT || record.ids.length > 0
          ? Buffer.from(`${variant.ref}\t${variant.alt}\t${record.ids.join(';')}`, 'utf8')
          : undefined;
      this.#send(stretchBase(number), variant.position, code, text, alleleIndex, genotypes);
    }
    this.#cover(record, number, record.position + record.ref.length, undefined);
  }

  finish(): void {
    for (const coverage of this.#coverage) coverage.finish();
  }

  #laneOf(sample: number): number {
    return this.#firstLane + Math.floor(sample / LANE_PEOPLE);
  }

  #noteCopies(contig: number, genotypes: Genotypes | undefined): void {
    const first = this.#target.seen.firstCopies(contig);
    for (let sample = 0; sample < this.#samples; sample += 1) {
      if (first[this.#firstPerson + sample] === 0)
        first[this.#firstPerson + sample] = copiesOf(genotypes, sample);
    }
  }

  #send(
    base: number,
    position: number,
    code: number,
    text: Buffer | undefined,
    allele: number,
    genotypes: Genotypes | undefined,
  ): void {
    const { spill } = this.#target;
    const stretch = base + (position >> STRETCH_BITS);
    const textWords = text === undefined ? 0 : 1 + Math.ceil(text.length / 4);
    for (let sample = 0; sample < this.#samples; sample += 1) {
      spill.begin(stretch, this.#laneOf(sample), 1 + textWords);
      const call = callAt(genotypes, sample, allele);
      spill.push(wordOf(position, text === undefined ? code : TEXT, call, sample % LANE_PEOPLE));
      if (text !== undefined) pushText(spill, text);
    }
  }

  /** Where a record calls someone, they are called. */
  #cover(record: VcfRecord, contig: number, end: number, quality: ReferenceQuality | undefined): void {
    const { genotypes, position } = record;
    if (genotypes === undefined) return;
    for (let sample = 0; sample < this.#coverage.length; sample += 1) {
      const called = genotypes.calls[2 * sample]! >= 0 && genotypes.calls[2 * sample + 1]! !== MISSING_CALL;
      if (!called || (quality !== undefined && !reaches(record, sample, quality, this.#file))) continue;
      this.#coverage[sample]!.add(stretchBase(contig), position, end, copiesOf(genotypes, sample));
    }
  }

  #normalised({ position, ref, alts, line }: VcfRecord, contig: string): readonly NormalisedAllele[] {
    try {
      return normaliseSite({ contig, position, ref, alts }, this.#target.reference);
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
      throw new FormatError('formats/reference-mismatch', cause.message, {
        cause,
        location: { file: this.#file, line },
      });
    }
  }
}

function pushText(spill: Spill, text: Buffer): void {
  spill.push(text.length);
  for (let at = 0; at < text.length; at += 4)
    spill.push(
      text[at]! | ((text[at + 1] ?? 0) << 8) | ((text[at + 2] ?? 0) << 16) | ((text[at + 3] ?? 0) << 24),
    );
}

function carriesAny(genotypes: Genotypes | undefined): boolean {
  return genotypes?.calls.some((call) => call > 0) === true;
}

function carries(genotypes: Genotypes | undefined, allele: number): boolean {
  return genotypes?.calls.includes(allele) === true;
}

function copiesOf(genotypes: Genotypes | undefined, sample: number): number {
  return genotypes?.calls[2 * sample + 1] === NO_SECOND_COPY ? 1 : 2;
}

function callAt(genotypes: Genotypes | undefined, sample: number, allele: number): number {
  if (genotypes === undefined) return callOf(MISSING, MISSING, 0);
  const { calls, phased } = genotypes;
  return callOf(
    stateOf(calls[2 * sample]!, allele),
    stateOf(calls[2 * sample + 1]!, allele),
    phased[sample]!,
  );
}

function stateOf(call: number, allele: number): number {
  if (call === allele) return THIS;
  if (call >= 0) return OTHER;
  return call === MISSING_CALL ? MISSING : ABSENT;
}
