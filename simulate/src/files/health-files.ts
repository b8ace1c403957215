import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { SubjectRecord } from '@federome/core';
import type { Cohort } from '../people/cohort.ts';
import { beaconIndividual } from './beacon-individual.ts';
import { MAPPING } from './mapping.ts';
import { phenopacketOf } from './phenopacket.ts';
import { MAPPED_COLUMNS, mappedRow, PLAIN_COLUMNS, plainRow } from './tables.ts';
import { TAR_END, tarEntry } from './tar.ts';

/** What a hospital brings of its people's health: files for `federome subjects`, and their mapping where they need one. */
export interface HealthFiles {
  readonly files: readonly string[];
  readonly mapping: string | undefined;
}

/** Writes the health records of a country in its format, one person at a time. */
export async function writeHealthFiles(
  directory: string,
  cohort: Cohort,
  subjects: Iterable<SubjectRecord>,
): Promise<HealthFiles> {
  switch (cohort.country.records) {
    case 'phenopackets': {
      const file = join(directory, 'phenopackets.tar.gz');
      await pipeline(Readable.from(archive(subjects)), createGzip({ level: 1 }), createWriteStream(file));
      return { files: [file], mapping: undefined };
    }
    case 'beacon-individuals': {
      const file = join(directory, 'individuals.json');
      await pipeline(Readable.from(jsonArray(subjects)), createWriteStream(file));
      return { files: [file], mapping: undefined };
    }
    case 'table': {
      const file = join(directory, 'people.csv');
      await pipeline(Readable.from(rows(PLAIN_COLUMNS, subjects, plainRow)), createWriteStream(file));
      return { files: [file], mapping: undefined };
    }
    case 'table-with-mapping': {
      const file = join(directory, 'patients.csv');
      const mapping = join(directory, 'mapping.yaml');
      await pipeline(Readable.from(rows(MAPPED_COLUMNS, subjects, mappedRow)), createWriteStream(file));
      await writeFile(mapping, MAPPING);
      return { files: [file], mapping };
    }
  }
}

function* archive(subjects: Iterable<SubjectRecord>): Generator<Buffer> {
  for (const subject of subjects) {
    const contents = Buffer.from(`${JSON.stringify(phenopacketOf(subject))}\n`);
    yield tarEntry(`phenopackets/${subject.id}.json`, contents);
  }
  yield TAR_END;
}

function* jsonArray(subjects: Iterable<SubjectRecord>): Generator<string> {
  let before = '[\n';
  for (const subject of subjects) {
    yield before + JSON.stringify(beaconIndividual(subject));
    before = ',\n';
  }
  yield '\n]\n';
}

function* rows(
  header: string,
  subjects: Iterable<SubjectRecord>,
  row: (subject: SubjectRecord) => string,
): Generator<string> {
  yield header;
  for (const subject of subjects) yield row(subject);
}
