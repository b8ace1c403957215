import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulatePopulation } from '@federome/simulate';
import { hasTool, outputOf, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

const OPTIONS = { seed: 8, countries: ['EE', 'FI', 'LU'], peoplePerCountry: 120, variants: 1_500 } as const;

test.skipIf(!hasTool('bcftools'))(
  'bcftools reads every simulated file without a warning, to its last row',
  async () => {
    const { countries } = await simulatePopulation(join(await temporaryDirectory(), 'out'), OPTIONS);
    for (const { genotypes } of countries) {
      let rows = 0;
      for (const file of genotypes.files) {
        const { stdout, stderr } = await readAll(file);
        expect(stderr, file).toBe('');
        rows += stdout.split('\n').length - 1;
      }
      expect(rows).toBe(genotypes.rows);
    }
  },
);

test.skipIf(!hasTool('bcftools'))('bcftools counts what INFO and the truth state', async () => {
  const { countries } = await simulatePopulation(join(await temporaryDirectory(), 'out'), OPTIONS);
  for (const { genotypes, truth } of countries) {
    const byId = new Map(truth.planted.map((planted) => [planted.id, planted]));
    for (const file of genotypes.files) {
      const stated = await outputOf('bcftools', ['query', '-f', '%POS %ALT %AC %AN\n', file]);
      const recounted = execFileSync('sh', [
        '-c',
        'bcftools +fill-tags "$1" -Ou -- -t AC,AN | bcftools query -f "%POS %ALT %AC %AN\\n"',
        'sh',
        file,
      ]).toString();
      expect(recounted).toBe(stated);
      const known = await outputOf('bcftools', ['query', '-e', 'ID="."', '-f', '%ID %AC %AN\n', file]);
      for (const line of known.trim().split('\n')) {
        if (line === '') continue;
        const [id, ac, an] = line.split(' ');
        expect(byId.get(id!)?.counts).toMatchObject({ ac: Number(ac), an: Number(an) });
      }
    }
  }
});

test.skipIf(!hasTool('bcftools'))('bcftools finds no Mendelian error on the autosomes', async () => {
  const { directory, countries } = await simulatePopulation(join(await temporaryDirectory(), 'out'), OPTIONS);
  const trios = readFileSync(join(directory, 'EE', 'families.ped'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, , father]) => father !== '0')
    .map(([, child, father, mother]) => `${mother},${father},${child}`);
  expect(trios.length).toBeGreaterThan(5);
  const file = countries[0]!.genotypes.files[0]!;
  for (const trio of trios) {
    const report = execFileSync('sh', [
      '-c',
      'bcftools view -t ^chrX,chrM "$1" | bcftools +mendelian - -t "$2" -m c 2>&1',
      'sh',
      file,
      trio,
    ]).toString();
    const [good, bad] = report.trim().split('\n').at(-1)!.split('\t').map(Number);
    expect(good).toBeGreaterThan(200);
    expect(bad, trio).toBe(0);
  }
});

async function readAll(file: string): Promise<{ stdout: string; stderr: string }> {
  const text = execFileSync('sh', ['-c', 'bcftools view -H "$1" 2>&1 >/dev/null', 'sh', file]).toString();
  const stdout = await outputOf('bcftools', ['view', '-H', file]);
  return { stdout, stderr: text };
}
