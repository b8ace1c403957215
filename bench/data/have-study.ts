import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StudyFacts, type StudyShape, writeStudy } from './study.ts';

/** A study as files: `STEM.vcf.gz` and what `writeStudy` puts beside it. */
export interface Study extends StudyFacts {
  readonly name: string;
  readonly stem: string;
}

/** The study of that shape in a directory: as an earlier run left it, else written now. */
export async function haveStudy(
  directory: string,
  name: string,
  shape: StudyShape,
  threads: number,
): Promise<Study> {
  await mkdir(directory, { recursive: true });
  const stem = join(directory, name);
  const known = await factsOf(stem);
  if (known !== undefined && JSON.stringify(known.shape) === JSON.stringify(shape))
    return { name, stem, ...known };
  await writeStudy(stem, shape, threads);
  const written = await factsOf(stem);
  if (written === undefined) throw new Error(`${stem}.json was not written`);
  return { name, stem, ...written };
}

async function factsOf(stem: string): Promise<StudyFacts | undefined> {
  try {
    // Written by `writeStudy` alone; another shape than the one wanted is written again.
    return JSON.parse(await readFile(`${stem}.json`, 'utf8'));
  } catch {
    return undefined;
  }
}
