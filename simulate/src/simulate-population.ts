import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SubjectRecord } from '@federome/core';
import { decide } from './consent/decisions.ts';
import { SimulateError } from './errors.ts';
import { type ConsentFiles, writeConsentFiles } from './files/consent-files.ts';
import { type GenotypeFiles, writeGenotypeFiles } from './files/genotype-files.ts';
import { type HealthFiles, writeHealthFiles } from './files/health-files.ts';
import { ontologyFiles } from './files/ontology.ts';
import { writePedigree } from './files/pedigree.ts';
import { type CountryTruth, truthOf } from './files/truth.ts';
import { layRegions } from './genome/regions.ts';
import { type PlantedGenotypes, plant } from './genomes/planting.ts';
import type { GenomePlan } from './genomes/region-genotypes.ts';
import { subjectOf } from './health/subjects.ts';
import { type Cohort, gatherCohort } from './people/cohort.ts';
import { type Country, countryOf, DEFAULT_COUNTRIES } from './people/countries.ts';

/** What is simulated; the same options give the same rows. */
export interface SimulationOptions {
  /** A whole number; the same seed (and other options) gives the same bytes, whatever the number of threads. */
  readonly seed: number;
  /** ISO 3166-1 alpha-2 codes of the European Union's countries; five by default. */
  readonly countries?: readonly string[] | undefined;
  readonly peoplePerCountry: number;
  /** Sites of the whole network; a country's files list those where one of its people carries an alternate allele. */
  readonly variants: number;
  /** The machine's processors by default. */
  readonly threads?: number | undefined;
  /** Ends the simulation between two regions with the signal's reason; files written so far stay. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
}

/** How far one country has come. */
export interface SimulationProgress {
  readonly country: string;
  readonly regionsDone: number;
  readonly regions: number;
}

/** The files of one country, as a hospital would bring them. */
export interface CountryFiles {
  readonly country: Country;
  readonly directory: string;
  readonly genotypes: GenotypeFiles;
  readonly health: HealthFiles;
  readonly consent: ConsentFiles;
  readonly truth: CountryTruth;
}

/** The files that were written, country by country. */
export interface SimulatedPopulation {
  readonly directory: string;
  readonly ontologies: readonly string[];
  readonly countries: readonly CountryFiles[];
}

const MOST_PEOPLE = 500_000;

/**
 * Makes a synthetic population and writes it below a new or empty directory: `EE/…` for each country, the ontologies
 * that its terms come from, and `truth.json`. Who a person is, what they have and what they carry depends on the seed,
 * the countries, and the numbers of people and variants alone; bytes also on the deflate of the platform's Node.
 *
 * Memory: 130 bytes a person in the main thread, as much again in each worker with what it needs for one region (1 MB of
 * text and its compressed output); 0.35 GB in all for 5 × 2,000 people × 50,000 sites, 0.9 GB for 100,000 × 20,000.
 * Throws `simulate/unknown-country`, `simulate/bad-size`, `simulate/directory-not-empty`, `simulate/worker-failed`.
 */
export async function simulatePopulation(
  directory: string,
  options: SimulationOptions,
): Promise<SimulatedPopulation> {
  const { seed, peoplePerCountry } = options;
  const countries = [...new Set(options.countries ?? DEFAULT_COUNTRIES)].map(countryOf);
  assertPeople(peoplePerCountry);
  const regions = layRegions(options.variants);
  await makeEmpty(directory);
  const cohorts = countries.map((country) => gatherCohort(seed, country, peoplePerCountry));
  const planted = cohorts.map((cohort) => plant(seed, cohort));
  const plan: GenomePlan = { seed, cohorts, regions, carriers: planted.map(({ carriers }) => carriers) };
  const directories = countries.map(({ code }) => join(directory, code));
  for (const each of directories) await mkdir(each);
  const genotypes = await writeGenotypeFiles(plan, directories, {
    threads: options.threads,
    signal: options.signal,
    onRegion: (cohort, regionsDone, of) =>
      options.onProgress?.({ country: countries[cohort]!.code, regionsDone, regions: of }),
  });
  const files: CountryFiles[] = [];
  for (const [index, cohort] of cohorts.entries()) {
    const health = subjectsOf(seed, cohort, planted[index]!);
    const consents = decide(seed, cohort);
    await writePedigree(directories[index]!, cohort);
    files.push({
      country: cohort.country,
      directory: directories[index]!,
      genotypes: genotypes[index]!,
      health: await writeHealthFiles(directories[index]!, cohort, health()),
      consent: await writeConsentFiles(directories[index]!, consents),
      truth: truthOf(cohort, genotypes[index]!, planted[index]!, health(), consents),
    });
  }
  await writeFile(join(directory, 'truth.json'), truthText(options, files));
  return { directory, ontologies: await writeOntologies(directory), countries: files };
}

function subjectsOf(seed: number, cohort: Cohort, planted: PlantedGenotypes): () => Generator<SubjectRecord> {
  return function* () {
    for (let person = 0; person < cohort.people; person++) yield subjectOf(seed, cohort, person, planted);
  };
}

function truthText({ seed, variants }: SimulationOptions, files: readonly CountryFiles[]): string {
  const countries = files.map(({ truth }) => truth);
  return `${JSON.stringify({ seed, variants, assembly: 'GRCh38', countries }, undefined, 1)}\n`;
}

async function writeOntologies(directory: string): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [name, text] of ontologyFiles()) {
    const file = join(directory, name);
    await writeFile(file, text);
    written.push(file);
  }
  return written;
}

function assertPeople(people: number): void {
  if (Number.isInteger(people) && people >= 1 && people <= MOST_PEOPLE) return;
  throw new SimulateError(
    'simulate/bad-size',
    `${people} people a country: expected a whole number from 1 to ${MOST_PEOPLE}`,
  );
}

async function makeEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length === 0) return;
  throw new SimulateError(
    'simulate/directory-not-empty',
    `${directory} is not empty: expected a new directory`,
  );
}
