import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { AlleleCounts } from '@federome/core';
import type { Region } from '../genome/regions.ts';
import type { GenomePlan, RegionGenotypes } from '../genomes/region-genotypes.ts';
import { inThreads } from '../genomes/threads.ts';
import { BGZF_END, bgzfBlocks } from './bgzf.ts';
import { vcfHeader } from './vcf-header.ts';

/** The VCF files of a country and what they hold. */
export interface GenotypeFiles {
  readonly files: readonly string[];
  readonly rows: number;
  readonly variants: number;
  readonly singletons: number;
  /** By dbSNP identifier. */
  readonly planted: ReadonlyMap<string, AlleleCounts>;
}

interface FilePlan {
  readonly cohort: number;
  readonly path: string;
  readonly regions: readonly Region[];
}

/**
 * Writes the VCF files of all countries (BGZF, deflate level 1, as one file or as one a chromosome), regions in genome
 * order; `directories` are by cohort. The bytes do not depend on the number of threads.
 */
export async function writeGenotypeFiles(
  plan: GenomePlan,
  directories: readonly string[],
  options: {
    readonly threads?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onRegion?: ((cohort: number, done: number, of: number) => void) | undefined;
  },
): Promise<readonly GenotypeFiles[]> {
  const files = plan.cohorts.flatMap((_, cohort) => planFiles(plan, cohort, directories[cohort]!));
  const tasks = files.flatMap(({ cohort, regions }) =>
    regions.map(({ index }) => ({ cohort, region: index })),
  );
  const results = inThreads(plan, tasks, options.threads);
  const tallies = plan.cohorts.map(() => new Tally());
  try {
    for (const file of files) {
      const tally = tallies[file.cohort]!;
      await writeFile(plan, file, results, (genotypes) => {
        options.signal?.throwIfAborted();
        tally.add(genotypes);
        options.onRegion?.(file.cohort, tally.regions, plan.regions.length);
      });
      tally.files.push(file.path);
    }
  } finally {
    await results.return();
  }
  return tallies;
}

function planFiles(plan: GenomePlan, cohort: number, directory: string): readonly FilePlan[] {
  const { files } = plan.cohorts[cohort]!.country;
  if (files === 'one') return [{ cohort, path: join(directory, 'genotypes.vcf.gz'), regions: plan.regions }];
  return contigsOf(plan.regions).map((contig) => ({
    cohort,
    path: join(directory, `genotypes.${contig}.vcf.gz`),
    regions: plan.regions.filter((region) => region.contig === contig),
  }));
}

function contigsOf(regions: readonly Region[]): readonly string[] {
  return [...new Set(regions.map(({ contig }) => contig))];
}

async function writeFile(
  plan: GenomePlan,
  file: FilePlan,
  results: AsyncGenerator<RegionGenotypes, void, void>,
  onRegion: (genotypes: RegionGenotypes) => void,
): Promise<void> {
  const stream = createWriteStream(file.path);
  const header = vcfHeader(plan.cohorts[file.cohort]!, contigsOf(plan.regions));
  await write(stream, bgzfBlocks(Buffer.from(header)));
  for (const _ of file.regions) {
    const { value } = await results.next();
    if (value === undefined) throw new RangeError('fewer results than regions');
    await write(stream, value.blocks);
    onRegion(value);
  }
  stream.end(BGZF_END);
  await finished(stream);
}

async function write(stream: WriteStream, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

class Tally implements GenotypeFiles {
  readonly files: string[] = [];
  readonly planted = new Map<string, AlleleCounts>();
  regions = 0;
  rows = 0;
  variants = 0;
  singletons = 0;

  add(genotypes: RegionGenotypes): void {
    this.regions += 1;
    this.rows += genotypes.rows;
    this.variants += genotypes.variants;
    this.singletons += genotypes.singletons;
    for (const [id, counts] of Object.entries(genotypes.planted)) this.planted.set(id, counts);
  }
}
