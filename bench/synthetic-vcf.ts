import { spawn } from 'node:child_process';
import { once } from 'node:events';

export const POPULATIONS = 5;

/** Population of a person: five of equal size, one after the other. */
export function populationOf(person: number, people: number): number {
  return Math.floor((person * POPULATIONS) / people);
}

/** The 0-based population's name. */
export function populationName(population: number): string {
  return `POP${population + 1}`;
}

/**
 * Writes a phased, genotype-only VCF through bgzip, reproducible from its seed: 46 % singletons, the other frequencies
 * log-uniform from 1e-4 to 0.5 with differences between populations. Returns the truth: of every variant the copies in
 * each population.
 */
export async function writeSyntheticVcf(
  path: string,
  { people, variants, seed }: { readonly people: number; readonly variants: number; readonly seed: number },
): Promise<readonly Uint32Array[]> {
  const random = generator(seed);
  const bgzip = spawn('sh', ['-c', 'bgzip -l 1 -c > "$0"', path], { stdio: ['pipe', 'ignore', 'inherit'] });
  const samples = Array.from({ length: people }, (_, person) => `person${person}`);
  bgzip.stdin.write(
    '##fileformat=VCFv4.2\n##contig=<ID=1,length=248956422>\n' +
      '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n' +
      `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${samples.join('\t')}\n`,
  );
  const blank = Buffer.from(`${'0|0\t'.repeat(people).slice(0, -1)}\n`);
  const truth: Uint32Array[] = [];
  let position = 100_000;
  for (let variant = 0; variant < variants; variant += 1) {
    position += 1 + Math.floor(random() * 60);
    const row = Buffer.from(blank);
    const copies = new Uint32Array(POPULATIONS);
    const carry = (haplotype: number): void => {
      const person = haplotype >> 1;
      row[4 * person + 2 * (haplotype & 1)] = 0x31;
      const population = populationOf(person, people);
      copies[population] = copies[population]! + 1;
    };
    if (random() < 0.46) carry(Math.floor(random() * 2 * people));
    else {
      const shared = 10 ** (-4 + random() * 3.7);
      const own = Float64Array.from({ length: POPULATIONS }, () =>
        Math.min(0.99, shared * (0.2 + 1.6 * random())),
      );
      // Gaps between carriers are geometric: the cost follows the carriers.
      for (let at = -1; ; ) {
        const rate = own[populationOf(Math.max(0, at) >> 1, people)] ?? shared;
        at += 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - rate));
        if (at >= 2 * people) break;
        carry(at);
      }
    }
    truth.push(copies);
    const [ref, alt] = ['AG', 'CT', 'GA', 'TC'][variant % 4]!;
    if (!bgzip.stdin.write(`1\t${position}\t.\t${ref}\t${alt}\t.\tPASS\t.\tGT\t`))
      await once(bgzip.stdin, 'drain');
    if (!bgzip.stdin.write(row)) await once(bgzip.stdin, 'drain');
  }
  bgzip.stdin.end();
  await once(bgzip, 'close');
  return truth;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
