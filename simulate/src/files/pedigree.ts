import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Cohort, NOBODY, subjectId } from '../people/cohort.ts';

/** Writes `families.ped` (PLINK: family, person, father, mother, sex 1 male or 2 female, phenotype unknown). */
export async function writePedigree(directory: string, cohort: Cohort): Promise<string> {
  const file = join(directory, 'families.ped');
  await pipeline(Readable.from(rows(cohort)), createWriteStream(file));
  return file;
}

function* rows(cohort: Cohort): Generator<string> {
  const nameOf = (person: number): string => (person === NOBODY ? '0' : subjectId(cohort, person));
  for (let person = 0; person < cohort.people; person++) {
    const family = `${cohort.country.code}F${cohort.family[person]! + 1}`;
    const father = nameOf(cohort.father[person]!);
    const mother = nameOf(cohort.mother[person]!);
    const sex = cohort.male[person] === 1 ? 1 : 2;
    yield `${[family, subjectId(cohort, person), father, mother, sex, -9].join('\t')}\n`;
  }
}
