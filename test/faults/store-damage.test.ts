import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@federome/core';
import { type DataKeys, GenotypeStore } from '@federome/genotypes';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import { answersOf, draws, filesIn, keysIn, preparedStore, writeVcf } from './faulty-store.ts';

const SMALL = { people: 120, sites: 300 };

/** What a store answers as it lies there: all of it, or a refusal. */
async function said(directory: string, keys: DataKeys | undefined): Promise<string | CodedError> {
  try {
    return await answersOf(await GenotypeStore.open(directory, { keys }));
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

/** A variant, and reference blocks over a part of the contig. */
async function writeGvcf(home: string, person: number): Promise<string> {
  const path = join(home, `g${person}.vcf`);
  const header = [
    '##fileformat=VCFv4.2',
    '##contig=<ID=1>',
    '##ALT=<ID=NON_REF,Description="Any other allele">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tg${person}`,
  ];
  const blocks = Array.from({ length: 40 }, (_, block) => {
    const start = 5_000 + block * 20_000;
    return `1\t${start}\t.\tA\t<NON_REF>\t.\t.\tEND=${start + 5_000 * (person + 1)}\tGT\t0/0`;
  });
  const variant = '1\t700\t.\tA\tG,<NON_REF>\t.\t.\t.\tGT\t0/1';
  await writeFile(path, `${[...header, variant, ...blocks].join('\n')}\n`);
  return path;
}

test.each(['sealed', 'plain'] as const)(
  'a flipped bit at a random place of any kind of file of a %s store never gives a wrong answer',
  {
    timeout: 60_000,
  },
  async (kind) => {
    const home = await temporaryDirectory();
    const keys = kind === 'sealed' ? await keysIn(join(home, 'keys')) : undefined;
    const directory = join(home, 'store');
    const store = await preparedStore(directory, await writeVcf(join(home, 'a.vcf'), 'a', SMALL), keys);
    await store.ingestTogether(await Promise.all([0, 1, 2].map((person) => writeGvcf(home, person))));
    const truth = await answersOf(store);
    const kinds = Map.groupBy(await filesIn(directory), (file) => file.replace(/.*\./, ''));
    expect([...kinds.keys()].sort()).toEqual(['calls', 'counts', 'groups', 'manifest', 'people', 'seg']);
    const draw = draws(20_261_122);
    const refused = new Map<string, number>();
    for (const [suffix, files] of kinds) {
      for (let round = 0; round < 24; round += 1) {
        const file = files[Math.floor(draw() * files.length)]!;
        const path = join(directory, file);
        const bytes = await readFile(path);
        // Half of the bits in the first 200 bytes, where headers are.
        const reach = round % 2 === 0 ? Math.min(200, bytes.length) : bytes.length;
        const place = Math.floor(draw() * reach);
        const damaged = Buffer.from(bytes);
        damaged[place]! ^= 1 << Math.floor(draw() * 8);
        await writeFile(path, damaged);
        const answer = await said(directory, keys);
        if (answer instanceof CodedError) {
          expect(answer.code, `${file} byte ${place}`).toBe('genotypes/corrupt');
          expect(answer.location?.file, `${file} byte ${place}`).toContain(file);
          refused.set(suffix, (refused.get(suffix) ?? 0) + 1);
        } else expect(answer === truth, `${file} byte ${place}`).toBe(true);
        const { faults } = await GenotypeStore.verify(directory, { keys });
        expect(
          faults.map((fault) => fault.file),
          `${file} byte ${place}`,
        ).toEqual([file]);
        await writeFile(path, bytes);
      }
    }
    for (const suffix of ['calls', 'counts', 'manifest', 'people', 'seg'])
      expect(refused.get(suffix), suffix).toBeGreaterThan(0);
    expect(await said(directory, keys)).toBe(truth);
  },
);

test('a damaged lock is told as damage, not as an ingest that runs, and stops no reader', async () => {
  const home = await temporaryDirectory();
  const directory = join(home, 'store');
  const file = await writeVcf(join(home, 'a.vcf'), 'a', SMALL);
  const store = await preparedStore(directory, file, undefined);
  const lock = join(directory, 'ingest.lock');
  await writeFile(lock, 'this is no lock, and no database either'.repeat(30));
  expect(await answersOf(await GenotypeStore.open(directory))).toBe(await answersOf(store));
  await expect(store.addPeople(['x'])).rejects.toMatchObject({
    code: 'genotypes/corrupt',
    location: { file: lock },
  });
});

test('sections that are exchanged between two sealed files, or between two places of one, are refused', async () => {
  const home = await temporaryDirectory();
  const keys = await keysIn(join(home, 'keys'));
  const directory = join(home, 'store');
  const large = { people: 4_000, sites: 300 };
  const store = await preparedStore(directory, await writeVcf(join(home, 'a.vcf'), 'a', large), keys);
  await store.ingest(await writeVcf(join(home, 'b.vcf'), 'b', large));
  const segments = (await filesIn(directory)).filter((file) => file.endsWith('.seg'));
  const [one, other] = await Promise.all(segments.map((file) => readFile(join(directory, file))));
  const chunk = 16_384 + 16;
  const at = (place: number) => 16 + place * chunk;
  for (const bytes of [one!, other!]) expect(bytes.length).toBeGreaterThan(at(2));
  const swapped = Buffer.from(one!);
  one!.copy(swapped, at(0), at(1), at(2));
  one!.copy(swapped, at(1), at(0), at(1));
  const grafted = Buffer.from(one!);
  other!.copy(grafted, at(1), at(1), at(2));
  for (const bytes of [swapped, grafted, other!]) {
    const copy = join(home, 'copy');
    await cp(directory, copy, { recursive: true });
    await writeFile(join(copy, segments[0]!), bytes);
    const answer = await said(copy, keys);
    expect(answer).toMatchObject({ code: 'genotypes/corrupt' });
  }
});
