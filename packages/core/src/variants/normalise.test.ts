import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MultiAllelicSite, normaliseSite, type ReferenceLookup } from './normalise.ts';
import type { Variant } from './variant.ts';

const REFERENCE = 'GGGCACACACAGGGTTTTTAACGN';
const lookUp = lookUpIn(REFERENCE);

function lookUpIn(bases: string): ReferenceLookup {
  return (_contig, start, end) => bases.slice(start, end);
}

function site(position: number, ref: string, ...alts: string[]): MultiAllelicSite {
  return { contig: '1', position, ref, alts };
}

function normalised(of: MultiAllelicSite, reference?: ReferenceLookup): readonly string[] {
  return normaliseSite(of, reference).map(({ variant, alleleIndex }) => `${alleleIndex}:${text(variant)}`);
}

function text({ position, ref, alt }: Variant): string {
  return `${position} ${ref}>${alt}`;
}

/** The bases once the variant is applied. */
function applied(bases: string, { position, ref, alt }: Omit<Variant, 'contig'>): string {
  return bases.slice(0, position) + alt + bases.slice(position + ref.length);
}

describe('without a reference', () => {
  test('a multi-allelic site is split, and each allele keeps the index that genotypes use', () => {
    expect(normalised(site(9, 'A', 'C', 'G', 'AT'))).toEqual(['1:9 A>C', '2:9 A>G', '3:9 A>AT']);
  });

  test('what REF and ALT share is trimmed, at the end first', () => {
    expect(normalised(site(10, 'CTCC', 'CCC', 'C', 'CTC', 'CCCC'))).toEqual([
      '1:10 CT>C',
      '2:10 CTCC>C',
      '3:11 TC>T',
      '4:11 T>C',
    ]);
  });

  test('lower-case bases are read as upper case', () => {
    expect(normalised(site(0, 'aC', 'aT'))).toEqual(['1:1 C>T']);
  });

  test('symbolic alleles, breakends, stars and the gVCF alleles stay as they are', () => {
    const alts = ['<DEL>', '*', '<NON_REF>', '<*>', 'G]17:198982]', '.A', '<CN0>'];
    expect(normalised(site(5, 'GA', ...alts), undefined)).toEqual(
      alts.map((alt, index) => `${index + 1}:5 GA>${alt}`),
    );
  });

  test('numbers of alleles, as PLINK writes them, stay as they are', () => {
    expect(normalised(site(5, '2', '1'), lookUp)).toEqual(['1:5 2>1']);
  });

  test('a site without alternate alleles has no variant', () => {
    expect(normalised(site(5, 'A'))).toEqual([]);
  });
});

describe('with a reference', () => {
  // The example of Tan et al. 2015, figure 1: five ways to delete one CA of a repeat.
  test.each([
    [site(5, 'CAC', 'C')],
    [site(3, 'CACA', 'CA')],
    [site(2, 'GCACA', 'GCA')],
    [site(2, 'GCA', 'G')],
    [site(7, 'CAC', 'C')],
  ])('every way to delete a unit of a repeat is the same variant', (written) => {
    expect(normalised(written, lookUp)).toEqual(['1:2 GCA>G']);
  });

  test('an insertion into a homopolymer rolls to its start', () => {
    expect(normalised(site(18, 'T', 'TT'), lookUp)).toEqual(['1:13 G>GT']);
  });

  test('an indel at the start of a contig stays minimal', () => {
    expect(normalised(site(1, 'G', 'GG'), lookUp)).toEqual(['1:0 G>GG']);
  });

  test('an indel rolls over more than one window of the reference', () => {
    const long = `A${'CT'.repeat(400)}G`;
    expect(normalised(site(799, 'CT', 'CTCT'), lookUpIn(long))).toEqual(['1:0 A>ACT']);
  });

  test('REF that contradicts the reference is refused', () => {
    expect(() => normaliseSite(site(3, 'A', 'T'), lookUp)).toThrowError(
      expect.objectContaining({ code: 'core/reference-mismatch', message: expect.stringContaining('1:4') }),
    );
  });

  test('REF that runs beyond the end of the reference is refused', () => {
    expect(() => normaliseSite(site(22, 'GNA', 'G'), lookUp)).toThrowError(/beyond the end/);
  });

  test('an N agrees with every base, on either side', () => {
    expect(normalised(site(23, 'A', 'T'), lookUp)).toEqual(['1:23 A>T']);
    expect(normalised(site(3, 'N', 'T'), lookUp)).toEqual(['1:3 N>T']);
  });
});

const bases = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('A', 'C'), minLength, maxLength });

/** A reference of two letters, so that repeats are everywhere, and a site on it. */
const onReference = fc
  .tuple(
    bases(12, 60),
    fc.nat({ max: 11 }),
    fc.integer({ min: 1, max: 6 }),
    fc.array(bases(1, 8), { maxLength: 3 }),
  )
  .map(([reference, position, length, alts]) => ({
    reference,
    written: site(position, reference.slice(position, position + length), ...alts),
  }));

test('normalising leaves the haplotype as it was', () => {
  fc.assert(
    fc.property(onReference, ({ reference, written }) => {
      normaliseSite(written, lookUpIn(reference)).forEach(({ variant, alleleIndex }) => {
        const before = { ...written, alt: written.alts[alleleIndex - 1]! };
        expect(applied(reference, variant)).toBe(applied(reference, before));
      });
    }),
    { numRuns: 500 },
  );
});

test('normalising twice is normalising once', () => {
  fc.assert(
    fc.property(onReference, ({ reference, written }) => {
      for (const { variant } of normaliseSite(written, lookUpIn(reference))) {
        const again = normaliseSite({ ...variant, alts: [variant.alt] }, lookUpIn(reference));
        expect(again.map((each) => each.variant)).toEqual([variant]);
      }
    }),
    { numRuns: 500 },
  );
});

test('equal changes become equal variants, wherever in a repeat they are written', () => {
  fc.assert(
    fc.property(onReference, ({ reference, written }) => {
      for (const { variant } of normaliseSite(written, lookUpIn(reference))) {
        // The same change, written over one base more at either end.
        const start = Math.max(0, variant.position - 1);
        const end = Math.min(reference.length, variant.position + variant.ref.length + 1);
        const wider = {
          contig: '1',
          position: start,
          ref: reference.slice(start, end),
          alts: [
            reference.slice(start, variant.position) +
              variant.alt +
              reference.slice(variant.position + variant.ref.length, end),
          ],
        };
        if (variant.ref === variant.alt) continue;
        expect(normaliseSite(wider, lookUpIn(reference)).map((each) => each.variant)).toEqual([variant]);
      }
    }),
    { numRuns: 500 },
  );
});

/** The least bases of REF with which a change can be said, found by trying every way to trim it. */
function leastBases(ref: string, alt: string): number {
  let least = ref.length;
  for (let end = 0; end < Math.min(ref.length, alt.length); end += 1) {
    if (end > 0 && ref.at(-end) !== alt.at(-end)) break;
    for (let start = 0; start + end < Math.min(ref.length, alt.length); start += 1) {
      if (start > 0 && ref[start - 1] !== alt[start - 1]) break;
      least = Math.min(least, ref.length - start - end);
    }
  }
  return least;
}

test('without a reference, a variant is as short as the change allows', () => {
  fc.assert(
    fc.property(bases(1, 10), bases(1, 10), (ref, alt) => {
      fc.pre(ref !== alt);
      const [first] = normaliseSite(site(100, ref, alt));
      const { variant } = first!;
      const context = 'G'.repeat(100) + ref;
      expect(applied(context, variant)).toBe(applied(context, { position: 100, ref, alt }));
      expect(variant.ref.length).toBe(leastBases(ref, alt));
    }),
    { numRuns: 500 },
  );
});
