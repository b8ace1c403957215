import { ASSEMBLIES, contigLengthBp, PRIMARY_CONTIGS, refSeqAccession } from '@federome/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readVariantText, writeVariantText } from './variant-text.ts';

const brca1Change = { kind: 'variant', contig: '17', position: 43_044_294, ref: 'A', alt: 'G' };

test.each([
  '17-43044295-A-G',
  '17:43044295:A:G',
  '17_43044295_a_g',
  'chr17:43044295 A>G',
  'chr17:43,044,295 A > G',
  'chr17 43044295 A G',
  '17:43044295A>G',
  'NC_000017.11:g.43044295A>G',
  'NC_000017.11-43044295-A-G',
  '  17-43044295-A-G ',
])('%s is one and the same change, its position counted from 0', (text) => {
  expect(readVariantText(text, 'GRCh38')).toEqual(brca1Change);
});

test.each([
  ['17:43,044,000-43,045,000', 43_043_999, 43_045_000],
  ['chr17:43044000..43045000', 43_043_999, 43_045_000],
  ['17:43044295', 43_044_294, 43_044_295],
])('%s is a range whose end is out', (text, start, end) => {
  expect(readVariantText(text, 'GRCh38')).toEqual({ kind: 'range', contig: '17', start, end });
});

test.each([
  ['BRCA1', 'BRCA1'],
  ['brca2', 'BRCA2'],
  ['HLA-DRB1', 'HLA-DRB1'],
  ['c1orf112', 'C1orf112'],
  ['MT-ND1', 'MT-ND1'],
])('%s is the gene %s', (text, symbol) => {
  expect(readVariantText(text, 'GRCh38')).toEqual({ kind: 'gene', symbol });
});

test.each([
  ['rs80357906', 'rsIdentifier'],
  ['NM_007294.4:c.68_69del', 'codingHgvs'],
  ['NC_000017.11:g.43044295del', 'hgvsChange'],
  ['NC_000017.10:g.43044295A>G', 'otherAssembly'],
  ['chr99:1000 A>G', 'unknownContig'],
  ['17', 'incomplete'],
  ['17-43044295-A', 'incomplete'],
  ['chr17:', 'incomplete'],
  ['17:0', 'positionZero'],
  ['17:99999999', 'beyondContig'],
  ['17:43045000-43044000', 'endBeforeStart'],
  ['17-43044295-A-Z', 'badBases'],
  ['17-43044295-A-a', 'sameAlleles'],
  ['what is this?', 'notUnderstood'],
])('%s is explained as %s', (text, code) => {
  expect(readVariantText(text, 'GRCh38')).toMatchObject({ kind: 'problem', code });
});

test('an accession of the assembly that is asked about is understood', () => {
  expect(readVariantText('NC_000017.10:g.41196312A>G', 'GRCh37')).toMatchObject({ contig: '17' });
});

const places = fc.constantFrom(...ASSEMBLIES).chain((assembly) =>
  fc.constantFrom(...PRIMARY_CONTIGS).chain((contig) =>
    fc.record({
      assembly: fc.constant(assembly),
      contig: fc.constant(contig),
      position: fc.nat({ max: contigLengthBp(assembly, contig)! - 1 }),
    }),
  ),
);
const bases = fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 12 });

test('a change is read back as it was written, in every notation', () => {
  fc.assert(
    fc.property(places, bases, bases, ({ assembly, contig, position }, ref, alt) => {
      fc.pre(ref !== alt);
      const reading = { kind: 'variant', contig, position, ref, alt } as const;
      expect(readVariantText(writeVariantText(reading), assembly)).toEqual(reading);
      const accession = refSeqAccession(assembly, contig);
      expect(readVariantText(`${accession}:g.${position + 1}${ref}>${alt}`, assembly)).toEqual(reading);
      const grouped = new Intl.NumberFormat('en').format(position + 1);
      expect(readVariantText(`chr${contig}:${grouped} ${ref}>${alt}`, assembly)).toEqual(reading);
    }),
  );
});

test('a range is read back as it was written', () => {
  fc.assert(
    fc.property(places, fc.nat({ max: 5_000 }), ({ assembly, contig, position }, length) => {
      const end = Math.min(position + 1 + length, contigLengthBp(assembly, contig)!);
      const reading = { kind: 'range', contig, start: position, end } as const;
      expect(readVariantText(writeVariantText(reading), assembly)).toEqual(reading);
    }),
  );
});

test('whatever is typed gets a reading or an explanation, never an exception', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof readVariantText(text, 'GRCh38').kind === 'string'));
});
