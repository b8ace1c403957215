import { contigLengthBp, expectedPloidy, PRIMARY_CONTIGS } from '@federome/core';
import { describe, expect, test } from 'vitest';
import { sitesOf } from '../genomes/sites.ts';
import { countryOf } from '../people/countries.ts';
import { Random } from '../random/random.ts';
import { referenceBases } from './reference.ts';
import { layRegions, VARIANT_LIMITS } from './regions.ts';

describe.each([VARIANT_LIMITS.fewest, 5_000, 300_000, VARIANT_LIMITS.most])(
  'regions for %d sites',
  (variants) => {
    const regions = layRegions(variants);

    test('hold that many sites in all, give or take what genes cannot hold', () => {
      expect(regions.reduce((sum, region) => sum + region.sites, 0)).toBe(variants);
    });

    test('follow each other in genome order without overlap, inside their contigs', () => {
      for (const [index, region] of regions.entries()) {
        expect(region.index).toBe(index);
        expect(region.start).toBeGreaterThan(0);
        expect(region.end).toBeLessThanOrEqual(contigLengthBp('GRCh38', region.contig)!);
        expect(region.sites).toBeLessThan((region.end - region.start) / 4);
        const before = regions[index - 1];
        if (before === undefined) continue;
        const [left, right] = [before, region].map(({ contig }) => PRIMARY_CONTIGS.indexOf(contig));
        expect(left! < right! || (left === right && before.end <= region.start)).toBe(true);
      }
    });

    test('lie outside the pseudoautosomal regions', () => {
      for (const { contig, start, end } of regions.filter((region) => region.contig === 'X')) {
        for (const position of [start, end])
          expect(expectedPloidy('GRCh38', contig, position, 'male')).toBe(1);
      }
    });
  },
);

describe('sites of a region', () => {
  const birthplaces = [{ country: countryOf('EE'), founderCopies: 900 }];

  test('ascend, stay inside, never overlap, and have the reference bases', () => {
    for (const region of layRegions(20_000)) {
      let free = region.start;
      for (const { position, ref, alts } of sitesOf(2, region, birthplaces)) {
        expect(position).toBeGreaterThanOrEqual(free);
        expect(ref).toBe(referenceBases(region.contig, position, ref.length));
        expect(new Set([ref, ...alts]).size).toBe(alts.length + 1);
        free = position + ref.length;
      }
      expect(free).toBeLessThanOrEqual(region.end + 20);
    }
  });

  test('have indels that are minimal and left-aligned', () => {
    let indels = 0;
    for (const region of layRegions(20_000).slice(0, 20)) {
      for (const { ref, alts, id } of sitesOf(3, region, birthplaces)) {
        if (id !== '.') continue;
        for (const alt of alts.filter((each) => each.length !== ref.length)) {
          indels += 1;
          expect(alt[0]).toBe(ref[0]);
          expect(Math.min(ref.length, alt.length)).toBe(1);
          expect(ref.at(-1)).not.toBe(alt.at(-1));
        }
      }
    }
    expect(indels).toBeGreaterThan(100);
  });

  test('reference bases do not depend on where one starts reading', () => {
    const random = new Random(1, 'reads');
    for (let read = 0; read < 50; read++) {
      const at = random.below(1_000_000);
      const bases = referenceBases('7', at, 40);
      expect(bases.slice(10)).toBe(referenceBases('7', at + 10, 30));
    }
    expect(referenceBases('7', 117_559_589, 4)).toBe('ATCT');
  });
});
