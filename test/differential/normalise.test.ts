import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compareVariants, normaliseSite } from '@federome/core';
import { openReference, openVcf } from '@federome/formats';
import { hasShared, hasTool, sharedPath, temporaryDirectory } from '@federome/testkit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const FOLDER = 'data/genotypes/1kg_grch37_chr1_with_reference';
const FASTA = `${FOLDER}/Homo_sapiens_assembly19_chr1_1M.fasta`;

/** Contig, 1-based position, REF and ALT of every variant that bcftools makes of a file, sorted. */
async function byBcftools(reference: string, vcf: string): Promise<readonly string[]> {
  const shell =
    'bcftools norm -f "$0" -m -any "$1" 2>/dev/null | bcftools query -f "%CHROM %POS %REF %ALT\\n"';
  const { stdout } = await run('sh', ['-c', shell, reference, vcf], { maxBuffer: 1 << 28 });
  return stdout.trim().split('\n').sort();
}

async function byFederome(fasta: string, vcf: string): Promise<readonly string[]> {
  const reference = await openReference(fasta);
  const reader = await openVcf(vcf);
  const lines: string[] = [];
  for await (const batch of reader.batches())
    for (const record of batch)
      for (const { variant } of normaliseSite(record, (...place) => reference.bases(...place)))
        lines.push(`${variant.contig} ${variant.position + 1} ${variant.ref} ${variant.alt}`);
  await reference.close();
  return lines.sort();
}

/** bcftools writes an index beside the FASTA, which must therefore lie where it may be written. */
async function writableCopy(directory: string, fasta: string): Promise<string> {
  const path = join(directory, 'reference.fasta');
  await run('cp', [fasta, path]);
  await run('chmod', ['u+w', path]);
  return path;
}

test.skipIf(!hasTool('bcftools') || !hasShared(FASTA))(
  'a file of the 1000 Genomes is normalised to the variants of bcftools norm',
  async () => {
    const reference = await writableCopy(await temporaryDirectory(), sharedPath(FASTA));
    const vcf = sharedPath(`${FOLDER}/test_1000G.vcf.gz`);
    const expected = await byBcftools(reference, vcf);
    expect(expected.length).toBeGreaterThan(1_000);
    expect(await byFederome(reference, vcf)).toEqual(expected);
  },
);

interface Indel {
  readonly position: number;
  readonly ref: string;
  readonly alts: readonly string[];
}

const unit = fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 4 });
/** A contig of repeats: units of one to four bases, each some times over. */
const repeats = fc
  .array(fc.tuple(unit, fc.integer({ min: 1, max: 12 })), { minLength: 60, maxLength: 80 })
  .map((runs) => runs.map(([bases, times]) => bases.repeat(times)).join(''));

function indelsOn(contig: string, seeds: readonly (readonly [number, number, string])[]): readonly Indel[] {
  const indels = new Map<string, Indel>();
  for (const [at, length, inserted] of seeds) {
    const position = at % (contig.length - 12);
    const deletion = {
      position,
      ref: contig.slice(position, position + length + 1),
      alts: [contig[position]!],
    };
    const base = contig[position]!;
    const insertion = { position, ref: base, alts: [base + inserted] };
    const both = { position, ref: deletion.ref, alts: [base, base + inserted + deletion.ref.slice(1)] };
    const indel = [deletion, insertion, both][at % 3]!;
    // One indel a change: what two lines say twice is refused.
    const start = normaliseSite({ contig: '1', ...indel })[0]?.variant.position;
    indels.set(String(start), indel);
  }
  return [...indels.values()]
    .filter(({ ref, alts }) => !alts.includes(ref))
    .map((indel) => ({ indel, order: { contig: '1', ...indel, alt: indel.alts.join() } }))
    .sort((a, b) => compareVariants(a.order, b.order))
    .map(({ indel }) => indel);
}

test.skipIf(!hasTool('bcftools'))('indels in repeats are aligned as bcftools norm aligns them', async () => {
  const directory = await temporaryDirectory();
  const seeds = fc.array(fc.tuple(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 8 }), unit), {
    minLength: 100,
    maxLength: 200,
  });
  let round = 0;
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(repeats, seeds, async (contig, places) => {
      round += 1;
      const fasta = join(directory, `${round}.fasta`);
      const vcf = join(directory, `${round}.vcf`);
      await writeFile(fasta, `>1\n${contig.replace(/(.{60})/g, '$1\n')}\n`);
      const body = indelsOn(contig, places).map(({ position, ref, alts }) =>
        ['1', position + 1, '.', ref, alts.join(','), '.', '.', '.'].join('\t'),
      );
      await writeFile(
        vcf,
        `##fileformat=VCFv4.2\n##contig=<ID=1,length=${contig.length}>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n${body.join('\n')}\n`,
      );
      const expected = await byBcftools(fasta, vcf);
      compared += expected.length;
      expect(await byFederome(fasta, vcf)).toEqual(expected);
    }),
    { numRuns: 25, seed: 20, endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(1_000);
});
