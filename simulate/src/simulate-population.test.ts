import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BGZF_END } from './files/bgzf.ts';
import { calledAlleles, type Row, readRows } from './files/written-rows.ts';
import { PLANTED, planted } from './genome/planted.ts';
import { type CountryFiles, type SimulatedPopulation, simulatePopulation } from './simulate-population.ts';

/** Countries of different styles, few enough people to read back as text. */
const SMALL = { seed: 11, countries: ['EE', 'FI', 'LU'], peoplePerCountry: 400, variants: 2_500 } as const;

let population: SimulatedPopulation;
const rowsOf = new Map<string, readonly Row[]>();

beforeAll(async () => {
  population = await simulatePopulation(await directory(), { ...SMALL, threads: 2 });
  for (const each of population.countries)
    rowsOf.set(each.country.code, each.genotypes.files.flatMap(readRows));
});

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((each) => rm(each, { recursive: true }))));

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'federome-simulate-'));
  directories.push(made);
  return made;
}

function country(code: string): CountryFiles {
  return population.countries.find((each) => each.country.code === code)!;
}

function rows(code: string): readonly Row[] {
  return rowsOf.get(code)!;
}

function digests(root: string): readonly (readonly [string, string])[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [file.slice(root.length), createHash('sha256').update(readFileSync(file)).digest('hex')]);
}

describe('a seed', () => {
  const tiny = { countries: ['EE', 'ES'], peoplePerCountry: 60, variants: 600 };

  test('gives the same bytes again, whatever the number of threads', async () => {
    const [one, three] = [await directory(), await directory()];
    await simulatePopulation(one, { ...tiny, seed: 5, threads: 1 });
    await simulatePopulation(three, { ...tiny, seed: 5, threads: 3 });
    expect(digests(one).length).toBeGreaterThan(10);
    expect(digests(three)).toEqual(digests(one));
  });

  test('gives other genomes, records and consents than another seed', async () => {
    const [five, six] = [await directory(), await directory()];
    await simulatePopulation(five, { ...tiny, seed: 5 });
    await simulatePopulation(six, { ...tiny, seed: 6 });
    const other = new Map(digests(six));
    for (const [file, digest] of digests(five)) {
      if (/vcf\.gz|phenopackets|patients|consent/.test(file)) expect(other.get(file), file).not.toBe(digest);
    }
  });
});

describe('what is refused', () => {
  test.each([
    [{ countries: ['XX'] }, 'simulate/unknown-country'],
    [{ peoplePerCountry: 0 }, 'simulate/bad-size'],
    [{ variants: 10 }, 'simulate/bad-size'],
  ])('%o is refused as %s and nothing is written', async (change, code) => {
    const root = await directory();
    await expect(simulatePopulation(root, { ...SMALL, ...change })).rejects.toMatchObject({ code });
    expect(readdirSync(root)).toEqual([]);
  });

  test('a directory that holds something is left alone', async () => {
    const before = digests(population.directory);
    await expect(simulatePopulation(population.directory, SMALL)).rejects.toMatchObject({
      code: 'simulate/directory-not-empty',
    });
    expect(digests(population.directory)).toEqual(before);
  });
});

describe('VCF files', () => {
  test('end with the BGZF end-of-file block', () => {
    for (const file of country('FI').genotypes.files) {
      expect(readFileSync(file).subarray(-BGZF_END.length), file).toEqual(BGZF_END);
    }
  });

  test('are one a chromosome in Finland and one in Estonia', () => {
    expect(country('EE').genotypes.files).toHaveLength(1);
    expect(country('FI').genotypes.files).toHaveLength(24);
  });

  test('state counts of alleles that a recount confirms', () => {
    for (const code of SMALL.countries) {
      for (const row of rows(code)) {
        const called = row.genotypes.flatMap(calledAlleles);
        const counts = row.alts.map(
          (_, index) => called.filter((allele) => allele === `${index + 1}`).length,
        );
        expect(row.info).toBe(`AC=${counts.join(',')};AN=${called.length}`);
      }
    }
  });

  test('name only alleles that somebody of the country carries', () => {
    for (const row of rows('FI')) expect(row.info).not.toMatch(/AC=(0|.*,0)[;,]/);
  });

  test('agree between countries on the reference base at a position', () => {
    const first = new Map(rows('EE').map((row) => [`${row.contig}:${row.position}`, row.ref[0]]));
    const shared = rows('LU').filter((row) => first.has(`${row.contig}:${row.position}`));
    expect(shared.length).toBeGreaterThan(200);
    for (const row of shared) expect(row.ref[0]).toBe(first.get(`${row.contig}:${row.position}`));
  });

  test('hold indels, multi-allelic sites and calls that were not made, in small parts', () => {
    const all = rows('EE');
    const share = (of: (row: Row) => boolean): number => all.filter(of).length / all.length;
    expect(share((row) => row.ref.length !== row.alts[0]!.length)).toBeGreaterThan(0.05);
    expect(share((row) => row.ref.length !== row.alts[0]!.length)).toBeLessThan(0.15);
    expect(share((row) => row.alts.length > 1)).toBeGreaterThan(0);
    const calls = all.flatMap((row) => row.genotypes);
    const missing = calls.filter((call) => call.startsWith('.')).length / calls.length;
    expect(missing).toBeGreaterThan(0.001);
    expect(missing).toBeLessThan(0.006);
  });

  test('are phased in Estonia and not in Luxembourg', () => {
    const separators = (code: string): Set<string> =>
      new Set(
        rows(code)
          .flatMap((row) => row.genotypes)
          .filter((genotype) => genotype.length === 3 && !genotype.startsWith('.'))
          .map((genotype) => genotype[1]!),
      );
    expect(separators('EE')).toEqual(new Set(['|']));
    expect(separators('LU')).toEqual(new Set(['/']));
  });
});

describe('people', () => {
  interface Person {
    readonly father: number;
    readonly mother: number;
    readonly male: boolean;
  }

  function pedigree(code: string): readonly Person[] {
    const lines = readFileSync(join(country(code).directory, 'families.ped'), 'utf8')
      .trim()
      .split('\n');
    const number = (name: string): number => (name === '0' ? -1 : Number(name.slice(2)) - 1);
    return lines.map((line) => {
      const [, , father, mother, sex] = line.split('\t');
      return { father: number(father!), mother: number(mother!), male: sex === '1' };
    });
  }

  test('men have one chromosome X and everyone one mitochondrial genome', () => {
    const people = pedigree('EE');
    const onX = rows('EE').filter((row) => row.contig === 'X');
    expect(onX.length).toBeGreaterThan(20);
    for (const row of onX) {
      for (const [person, genotype] of row.genotypes.entries()) {
        expect(genotype.length).toBe(people[person]!.male ? 1 : 3);
      }
    }
    const mitochondrial = rows('EE').filter((row) => row.contig === 'M');
    expect(mitochondrial.length).toBeGreaterThan(0);
    for (const row of mitochondrial)
      expect(new Set(row.genotypes.map((each) => each.length))).toEqual(new Set([1]));
  });

  test('children have one allele of the mother and one of the father at every site', () => {
    const people = pedigree('EE');
    const children = [...people.entries()].filter(([, { mother }]) => mother >= 0);
    expect(children.length).toBeGreaterThan(30);
    let informative = 0;
    for (const row of rows('EE')) {
      for (const [child, { mother, father }] of children) {
        const [own, maternal, paternal] = [child, mother, father].map((each) =>
          calledAlleles(row.genotypes[each]!),
        );
        if (own!.length === 0 || maternal!.length === 0 || paternal!.length === 0) continue;
        expect(maternal, `${row.contig}:${row.position} mother of ${child}`).toContain(own![0]);
        if (own!.length === 2) expect(paternal, `${row.contig}:${row.position}`).toContain(own![1]);
        if (new Set([...maternal!, ...paternal!]).size > 1) informative += 1;
      }
    }
    expect(informative).toBeGreaterThan(1_000);
  });

  test('parents are of the right sex and at least nineteen years older than their children', () => {
    const people = pedigree('EE');
    const born = new Map<number, number>();
    const individuals: { info: { dateOfBirth: string } }[] = JSON.parse(
      readFileSync(country('LU').health.files[0]!, 'utf8'),
    );
    for (const [person, { info }] of individuals.entries()) born.set(person, Date.parse(info.dateOfBirth));
    for (const { mother, father } of people) {
      if (mother < 0) continue;
      expect(people[mother]!.male).toBe(false);
      expect(people[father]!.male).toBe(true);
    }
    for (const [child, { mother, father }] of pedigree('LU').entries()) {
      if (mother < 0) continue;
      for (const parent of [mother, father]) {
        expect(born.get(child)! - born.get(parent)!).toBeGreaterThan(19 * 365 * 86_400_000);
      }
    }
  });
});

describe('planted variants', () => {
  test('stand at their coordinates with their alleles', () => {
    const found = new Set<string>();
    for (const code of SMALL.countries) {
      for (const row of rows(code)) {
        if (row.id === '.') continue;
        const variant = planted(row.id);
        expect([row.contig, row.position - 1, row.ref, row.alts]).toEqual([
          variant.contig,
          variant.position,
          variant.ref,
          [variant.alt],
        ]);
        found.add(row.id);
      }
    }
    expect(found.size).toBeGreaterThan(25);
  });

  test('are counted in the truth as the files call them', () => {
    for (const code of SMALL.countries) {
      const written = new Map(rows(code).map((row) => [row.id, row]));
      for (const { id, counts } of country(code).truth.planted) {
        const row = written.get(id);
        if (row === undefined) {
          expect(counts, id).toMatchObject({ ac: 0, hom: 0, het: 0, hemi: 0, missing: 0 });
          continue;
        }
        const calls = row.genotypes.map(calledAlleles);
        const people = (of: (call: readonly string[]) => boolean): number => calls.filter(of).length;
        expect(counts, id).toEqual({
          ac: calls.flat().filter((allele) => allele === '1').length,
          an: calls.flat().length,
          hom: people((call) => call.length === 2 && call.every((allele) => allele === '1')),
          het: people((call) => call.length === 2 && call.includes('0') && call.includes('1')),
          hemi: people((call) => call.length === 1 && call[0] === '1'),
          missing: people((call) => call.length === 0),
        });
      }
    }
  });

  test('Finnish founder variants are common in Finland only', () => {
    const carriers = (code: string, id: string): number =>
      country(code).truth.planted.find((each) => each.id === id)!.carriers;
    for (const id of ['rs121964904', 'rs386833873', 'rs121908140']) {
      expect(carriers('FI', id), id).toBeGreaterThan(3);
      expect(carriers('LU', id), id).toBe(0);
    }
  });

  test('none is listed twice', () => {
    expect(new Set(PLANTED.map(({ id }) => id)).size).toBe(PLANTED.length);
  });
});

test('the directory of a run holds what its report names', () => {
  const named = population.countries.flatMap(({ genotypes, health, consent }) => [
    ...genotypes.files,
    ...health.files,
    consent.given,
    consent.withdrawn,
  ]);
  const present = new Set(digests(population.directory).map(([file]) => population.directory + file));
  for (const file of [...named, ...population.ontologies]) expect(present.has(file), file).toBe(true);
});
