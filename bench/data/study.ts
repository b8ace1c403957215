import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { Random } from '../../simulate/src/random/random.ts';
import { Genealogy } from './genealogy.ts';
import { GenotypeColumns, RichColumns, type Row, type SampleColumns } from './rows.ts';
import { Spectrum, type SpectrumShares } from './spectrum.ts';
import { countAllele, TruthWriter } from './truth.ts';

export const POPULATIONS = ['POP1', 'POP2', 'POP3', 'POP4', 'POP5'] as const;
const CONTIG = '1';
const START = 1_000_000;
const INDELS = 0.07;

/** What a made-up study is like. */
export interface StudyShape {
  readonly people: number;
  readonly sites: number;
  /** Mean distance of neighbouring sites. */
  readonly spacingBp: number;
  readonly spectrum: SpectrumShares;
  readonly format: 'GT' | 'GT:AD:DP:GQ';
  readonly phased: boolean;
  /** Share of calls that are missing, at random. */
  readonly missing: number;
  /** Share of sites with a second alternate allele. */
  readonly multiallelic: number;
  readonly seed: number;
}

/** Population of each person: five of almost equal size, people mixed. */
export function populationsOf(people: number, seed: number): Uint8Array {
  const random = new Random(seed, 'populations');
  return Uint8Array.from({ length: people }, () => random.below(POPULATIONS.length));
}

export function sampleName(person: number): string {
  return `S${String(person + 1).padStart(7, '0')}`;
}

/** What lies beside a study: what it is, and how long its text is. */
export interface StudyFacts {
  readonly shape: StudyShape;
  readonly textBytes: number;
}

/**
 * Writes a study, reproducible from its shape: `STEM.vcf.gz` (BGZF of the default level, with .csi), `STEM.groups` (for
 * bcftools), `STEM.pheno` (for plink2), `STEM.truth.gz`, the counts of every population as the haplotypes have them, and, last of
 * all, `STEM.json` (`StudyFacts`).
 */
export async function writeStudy(stem: string, shape: StudyShape, threads: number): Promise<void> {
  if (shape.format !== 'GT' && shape.multiallelic > 0)
    throw new RangeError('reads are drawn for two alleles');
  const populationOf = populationsOf(shape.people, shape.seed);
  const labels = Array.from(
    populationOf,
    (population, person) => `${sampleName(person)}\t${POPULATIONS[population]}\n`,
  );
  await writeFile(`${stem}.groups`, labels.join(''));
  await writeFile(`${stem}.pheno`, `#IID\tPOP\n${labels.join('')}`);
  const vcf = `${stem}.vcf.gz`;
  const bgzip = spawn('sh', ['-c', 'exec bgzip -@ "$1" -c > "$0"', vcf, `${threads}`], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const closed = once(bgzip, 'close');
  const truth = new TruthWriter(`${stem}.truth.gz`);
  const textBytes = await writeRows(bgzip.stdin, truth, shape, populationOf);
  bgzip.stdin.end();
  await truth.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`bgzip failed with ${code}`);
  const [indexed] = await once(spawn('bcftools', ['index', '-f', '-c', vcf], { stdio: 'inherit' }), 'close');
  if (indexed !== 0) throw new Error(`bcftools index failed with ${indexed}`);
  const facts: StudyFacts = { shape, textBytes };
  await writeFile(`${stem}.json`, JSON.stringify(facts));
}

async function writeRows(
  out: Writable,
  truth: TruthWriter,
  shape: StudyShape,
  populationOf: Uint8Array,
): Promise<number> {
  const { people, seed } = shape;
  const columns: SampleColumns =
    shape.format === 'GT'
      ? new GenotypeColumns(people, shape.phased)
      : new RichColumns(people, shape.phased, seed);
  const sizes = new Uint32Array(POPULATIONS.length);
  for (const population of populationOf) sizes[population]! += 1;
  await new Promise((resolve) => out.write(header(shape), 'latin1', resolve));
  const buffers = new Buffers(out, columns.maxBytes + 256);
  for (const site of sitesOf(shape, populationOf)) {
    const { pos, ref, alts } = site;
    const fixed = [CONTIG, pos, '.', ref, alts.join(','), '.', 'PASS', '.', columns.format, ''].join('\t');
    await buffers.write((into) => columns.write(site, into, into.write(fixed, 'latin1')));
    for (const [index, alt] of alts.entries()) {
      truth.write({ pos, ref, alt, counts: countAllele(site, index + 1, populationOf, sizes) });
    }
  }
  await buffers.flush();
  return header(shape).length + buffers.bytes;
}

/** A site with its haplotypes; valid until the next. */
export interface StudySite extends Row {
  /** 1-based. */
  readonly pos: number;
  readonly ref: string;
  readonly alts: readonly string[];
}

/** The sites of a study in ascending order. */
export function* sitesOf(shape: StudyShape, populationOf: Uint8Array): Generator<StudySite> {
  const random = new Random(shape.seed, 'sites');
  const genealogy = new Genealogy(new Random(shape.seed, 'genealogy'), populationOf, POPULATIONS.length);
  const spectrum = new Spectrum(genealogy.haplotypes, shape.spectrum);
  const alleles = new Uint8Array(genealogy.haplotypes);
  let pos = START;
  for (let written = 0; written < shape.sites; written += 1) {
    const distanceBp = 1 + random.skip(1 / shape.spacingBp);
    pos += distanceBp;
    genealogy.advance(distanceBp);
    const wanted = random.chance(shape.multiallelic) ? 2 : 1;
    let carriers = new Int32Array();
    let seen = 0;
    for (let allele = 1; allele <= wanted; allele += 1) {
      const drawn = spectrum.draw(random);
      const clade =
        drawn.kind === 'rare' ? genealogy.rareClade(drawn.copies) : genealogy.commonClade(drawn.frequency);
      const own = clade.filter((haplotype) => alleles[haplotype] === 0);
      if (own.length === 0) continue;
      seen += 1;
      for (const haplotype of own) alleles[haplotype] = seen;
      carriers = seen === 1 ? own : Int32Array.from([...carriers, ...own]);
    }
    const missing: number[] = [];
    for (
      let person = random.skip(shape.missing);
      person < shape.people;
      person += 1 + random.skip(shape.missing)
    ) {
      missing.push(person);
    }
    yield { pos, ...allelesText(random, seen), alleles, carriers, missing };
    for (const haplotype of carriers) alleles[haplotype] = 0;
  }
}

function allelesText(random: Random, count: number): { ref: string; alts: string[] } {
  const ref = random.pick([...'ACGT']);
  const others = [...'ACGT'].filter((base) => base !== ref);
  if (count === 1 && random.chance(INDELS)) {
    const longer = ref + random.pick(others);
    return random.chance(0.5) ? { ref, alts: [longer] } : { ref: longer, alts: [ref] };
  }
  const first = random.below(3);
  return { ref, alts: [others[first]!, others[(first + 1) % 3]!].slice(0, count) };
}

function header({ people, format }: StudyShape): string {
  const described: Readonly<Record<string, string>> = {
    GT: 'Number=1,Type=String,Description="Genotype"',
    AD: 'Number=R,Type=Integer,Description="Reads of each allele"',
    DP: 'Number=1,Type=Integer,Description="Reads"',
    GQ: 'Number=1,Type=Integer,Description="Genotype quality"',
  };
  const formats = format.split(':').map((key) => `##FORMAT=<ID=${key},${described[key]}>\n`);
  const samples = Array.from({ length: people }, (_, person) => sampleName(person));
  return [
    '##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description="All filters passed">\n',
    `##contig=<ID=${CONTIG},length=248956422>\n`,
    ...formats,
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${samples.join('\t')}\n`,
  ].join('');
}

const BUFFERS = 3;
const BUFFER_BYTES = 4 << 20;

/** Fills buffers while earlier ones are on their way. */
class Buffers {
  bytes = 0;
  readonly #out: Writable;
  readonly #free: Buffer[];
  readonly #rowBytes: number;
  #waiting: (() => void) | undefined;
  #current: Buffer | undefined;
  #used = 0;

  constructor(out: Writable, rowBytes: number) {
    this.#out = out;
    this.#rowBytes = rowBytes;
    this.#free = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(BUFFER_BYTES + rowBytes));
  }

  /** `fill` writes at most a row's bytes into what it is given and returns how many. */
  async write(fill: (into: Buffer) => number): Promise<void> {
    if (this.#current !== undefined && this.#used + this.#rowBytes > this.#current.length) this.#send();
    if (this.#current === undefined) {
      if (this.#free.length === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
      this.#current = this.#free.pop()!;
    }
    const bytes = fill(this.#current.subarray(this.#used));
    this.#used += bytes;
    this.bytes += bytes;
  }

  async flush(): Promise<void> {
    this.#send();
    while (this.#free.length < BUFFERS) await new Promise<void>((resolve) => (this.#waiting = resolve));
  }

  #send(): void {
    const buffer = this.#current;
    if (buffer === undefined) return;
    this.#out.write(buffer.subarray(0, this.#used), (error) => {
      if (error) throw error;
      this.#free.push(buffer);
      this.#waiting?.();
      this.#waiting = undefined;
    });
    this.#current = undefined;
    this.#used = 0;
  }
}
