import { PeopleSet } from '@federome/core';
import { COUNTS } from '../queries/segment-counter.ts';
import { packColumns, unpackColumns } from '../segments/columns.ts';
import { corruptFile, packSection, type Section, unpackSection } from '../segments/section.ts';

/** A named set of people whose counts are kept. */
export interface StoredGroup {
  readonly name: string;
  readonly people: PeopleSet;
}

/** The groups' sets one after the other, each behind its length of 32 bits. */
export function encodeGroups(groups: readonly StoredGroup[]): { section: Section; bytes: Uint8Array } {
  const parts = groups.flatMap(({ people }) => {
    const bytes = people.toBytes();
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return packSection(Buffer.concat(parts));
}

/** Inverse of `encodeGroups`; `genotypes/corrupt` where the checksum does not hold. */
export function decodeGroups(names: readonly string[], section: Section, stored: Uint8Array, file: string) {
  const bytes = Buffer.from(unpackSection(section, stored, file));
  let at = 0;
  return names.map((name): StoredGroup => {
    if (at + 4 > bytes.length) throw corruptFile(file);
    const length = bytes.readUInt32LE(at);
    at += 4 + length;
    return { name, people: PeopleSet.fromBytes(bytes.subarray(at - length, at)) };
  });
}

/**
 * Counts of every group at every site of a segment, `COUNTS` numbers a group and row, as columns: of each group ac, hom,
 * hemi, missing, and how many alleles short of two a person `an` is, which is few where most are called.
 */
export function encodeCounts(counts: Uint32Array, sizes: readonly number[]) {
  const width = sizes.length * COUNTS;
  const rows = counts.length / width;
  const columns = sizes.flatMap((size, group) => {
    const column = (place: number, from = 0, sign = 1) =>
      Uint32Array.from(
        { length: rows },
        (_, row) => from + sign * counts[row * width + group * COUNTS + place]!,
      );
    return [column(0), column(1, 2 * size, -1), column(2), column(3), column(4)];
  });
  return packSection(packColumns(columns));
}

/** Inverse of `encodeCounts` for a segment of `rows` sites: `COUNTS` columns a group. */
export function decodeCounts(
  rows: number,
  sizes: readonly number[],
  section: Section,
  stored: Uint8Array,
  file: string,
): readonly Uint32Array[] {
  const lengths = new Array<number>(sizes.length * COUNTS).fill(rows);
  const columns = unpackColumns(unpackSection(section, stored, file), lengths);
  sizes.forEach((size, group) => {
    const an = columns[group * COUNTS + 1]!;
    for (let row = 0; row < rows; row += 1) an[row] = 2 * size - an[row]!;
  });
  return columns;
}
