import type { DisclosedFrequency } from '@federome/client';
import {
  type AlleleCounts,
  DISCLOSURE_FLOOR,
  type PopulationFrequency,
  type Variant,
  type VariantRecord,
} from '@federome/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discloseRecord, followsPolicy, type MemberVariants, mergeVariants } from './frequencies.ts';

const A: Variant = { contig: '22', position: 100, ref: 'A', alt: 'G' };
const B: Variant = { contig: '22', position: 200, ref: 'C', alt: 'T' };

function row(population: string, hom: number, het: number, none: number): PopulationFrequency {
  return { population, counts: { ac: 2 * hom + het, an: 2 * (hom + het + none), hom, het, hemi: 0 } };
}

function record(
  variant: Variant,
  frequencies: readonly PopulationFrequency[],
  withheld: readonly string[] = [],
): VariantRecord {
  return { assembly: 'GRCh38', variant, frequencies, withheld, ids: [], source: 'test' };
}

function member(id: string, datasets: readonly (readonly VariantRecord[])[], follows = true): MemberVariants {
  return { member: { id, country: id.slice(0, 2).toUpperCase() }, followsPolicy: follows, datasets };
}

function countsOf(frequency: DisclosedFrequency | undefined): AlleleCounts | undefined {
  return frequency?.kind === 'shown' ? frequency.counts : undefined;
}

const merge = (...parts: readonly MemberVariants[]) => mergeVariants(parts, DISCLOSURE_FLOOR);

test('counts of one variant add up over countries, and each country keeps its own', () => {
  const [merged, ...others] = merge(
    member('ee', [[record(A, [row('Total', 100, 400, 1_500)])]]),
    member('fi', [[record(A, [row('Total', 50, 200, 4_750)])]]),
  );
  expect(others).toEqual([]);
  expect(merged?.variant).toEqual({ assembly: 'GRCh38', ...A });
  expect(merged?.byMember.map(({ member, country, population }) => [member, country, population])).toEqual([
    ['ee', 'EE', 'Total'],
    ['fi', 'FI', 'Total'],
  ]);
  expect(merged?.total).toEqual({
    kind: 'shown',
    counts: { ac: 900, an: 14_000, hom: 150, het: 600, hemi: 0, missing: 0 },
    alleleFrequency: 900 / 14_000,
  });
});

test('a population within a country is listed, and counted once in the total', () => {
  const rows = [row('EE', 100, 400, 1_500), row('EE_F', 50, 200, 750), row('EE_M', 50, 200, 750)];
  const [merged] = merge(member('ee', [[record(A, rows)]]));
  expect(merged?.byMember.map(({ population }) => population)).toEqual(['EE', 'EE_F', 'EE_M']);
  expect(countsOf(merged?.total)?.ac).toBe(600);
});

test('populations without one that is everyone are listed and not added up: they may overlap', () => {
  const [merged] = merge(
    member('ee', [[record(A, [row('north', 60, 400, 1_500), row('young', 60, 400, 1_500)])]]),
  );
  expect(merged?.byMember).toHaveLength(2);
  expect(merged?.total).toEqual({ kind: 'suppressed' });
});

test('what a member withholds is named as withheld, and the total is that of the others', () => {
  const [merged] = merge(
    member('ee', [[record(A, [row('Total', 100, 400, 1_500)])]]),
    member('fi', [[record(A, [], ['Total', 'FI_F'])]]),
  );
  expect(merged?.byMember.slice(1)).toEqual([
    { member: 'fi', country: 'FI', population: 'FI_F', frequency: { kind: 'suppressed' } },
    { member: 'fi', country: 'FI', population: 'Total', frequency: { kind: 'suppressed' } },
  ]);
  expect(countsOf(merged?.total)?.ac).toBe(600);
  const [nobody] = merge(member('fi', [[record(A, [], ['Total'])]]));
  expect(nobody?.total).toEqual({ kind: 'suppressed' });
});

test('genotypes that one member withholds are withheld in the total', () => {
  const partial: PopulationFrequency = { population: 'Total', counts: { ac: 300, an: 5_000 } };
  const [merged] = merge(
    member('ee', [[record(A, [row('Total', 100, 400, 1_500)])]]),
    member('fi', [[record(A, [partial])]]),
  );
  expect(merged?.total).toEqual({
    kind: 'shown',
    counts: { ac: 900, an: 9_000, hom: 0, het: 0, hemi: 0, missing: 0 },
    alleleFrequency: 0.1,
    withheld: ['hom', 'het', 'hemi'],
  });
});

test('a Beacon without a disclosure policy is shown no further than the network’s floor', () => {
  const small = row('Total', 10, 100, 389);
  const rare = row('Total', 0, 19, 5_000);
  for (const frequency of [small, rare]) {
    const [merged] = merge(member('xx', [[record(A, [frequency])]], false));
    expect(merged?.byMember[0]?.frequency).toEqual({ kind: 'suppressed' });
  }
  const fewHomozygotes = record(A, [row('Total', 3, 400, 5_000)]);
  expect(discloseRecord(fewHomozygotes, false, DISCLOSURE_FLOOR).frequencies).toEqual([
    { population: 'Total', counts: { ac: 406, an: 10_806 } },
  ]);
  expect(discloseRecord(record(A, [rare]), false, DISCLOSURE_FLOOR)).toMatchObject({
    frequencies: [],
    withheld: ['Total'],
  });
});

test('a stated policy counts only where it is as strict as the hub’s', () => {
  expect(followsPolicy(DISCLOSURE_FLOOR, DISCLOSURE_FLOOR)).toBe(true);
  expect(followsPolicy({ ...DISCLOSURE_FLOOR, frequencyMinPeople: 5_000 }, DISCLOSURE_FLOOR)).toBe(true);
  expect(followsPolicy({ ...DISCLOSURE_FLOOR, frequencyMinPeople: 0 }, DISCLOSURE_FLOOR)).toBe(false);
  expect(followsPolicy(DISCLOSURE_FLOOR, { ...DISCLOSURE_FLOOR, countThreshold: 20 })).toBe(false);
  expect(followsPolicy(undefined, DISCLOSURE_FLOOR)).toBe(false);
});

test('a dataset that lists a variant twice is counted once, two datasets twice', () => {
  const one = record(A, [row('Total', 100, 400, 1_500)]);
  expect(countsOf(merge(member('ee', [[one, one]]))[0]?.total)?.ac).toBe(600);
  expect(countsOf(merge(member('ee', [[one], [one]]))[0]?.total)?.ac).toBe(1_200);
});

test('the most frequent variant comes first, withheld ones last, equal ones in genome order', () => {
  const common = row('Total', 500, 500, 1_000);
  const rarer = row('Total', 20, 60, 1_920);
  const far: Variant = { ...B, contig: 'X' };
  const merged = merge(
    member('ee', [[record(far, [rarer]), record(B, [], ['Total']), record(A, [rarer])]]),
    member('fi', [[record({ ...A, alt: 'T' }, [common])]]),
  );
  expect(merged.map(({ variant }) => `${variant.contig}:${variant.position}${variant.alt}`)).toEqual([
    '22:100T',
    '22:100G',
    'X:200T',
    '22:200T',
  ]);
});

const frequencyRow = fc
  .tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(3_000))
  .map(([hom, het, none]) => row('Total', hom, het, none + 1));
const variantRecord = fc
  .tuple(fc.constantFrom(A, B), frequencyRow, fc.boolean())
  .map(([variant, frequency, withheld]) =>
    withheld ? record(variant, [], ['Total']) : record(variant, [frequency]),
  );
const members = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom('ee', 'fi', 'it', 'lu', 'es'),
    fc.array(fc.array(variantRecord, { maxLength: 2 }), { maxLength: 3 }),
    fc.boolean(),
  ),
  { selector: ([id]) => id, maxLength: 5 },
);

test('members give the same variants in any order, and a total is the sum of what they show', () => {
  fc.assert(
    fc.property(members, (parts) => {
      const list = parts.map(([id, datasets, states]) => member(id, datasets, states));
      const merged = merge(...list);
      expect(merge(...list.toReversed())).toEqual(merged);
      for (const { byMember, total } of merged) {
        const shown = byMember.flatMap(({ frequency }) => countsOf(frequency) ?? []);
        expect(total.kind).toBe(shown.length > 0 ? 'shown' : 'suppressed');
        if (total.kind === 'shown') {
          expect(total.counts.ac).toBe(shown.reduce((sum, { ac }) => sum + ac, 0));
          expect(total.counts.an).toBe(shown.reduce((sum, { an }) => sum + an, 0));
        }
      }
    }),
  );
});
