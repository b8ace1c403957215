import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { POPULATIONS } from '../data/study.ts';
import type { FoundRow } from '../run/check.ts';

export const BCFTOOLS_VIEW = 'bcftools view -Ob';
export const FILL_TAGS = 'bcftools +fill-tags';
export const PLINK_IMPORT = 'plink2 --make-pgen';
export const PLINK_FREQ = 'plink2 --freq';

/** Debian's `plink2` is a script that chooses a build for the processor; its start is not to be plink2's fault. */
const PLINK_BUILD = { flag: 'avx2', path: '/usr/lib/plink2/plink2-avx2' };
export const PLINK_PROGRAM = plinkProgram();
const PLINK = [PLINK_PROGRAM, '--threads', '1', '--silent'];

/** The commands of the peers, each on one thread. */
export const peers = {
  view: (vcf: string, bcf: string) => ['bcftools', 'view', '-Ob', '-o', bcf, vcf],
  import: (vcf: string, stem: string) => [...PLINK, '--vcf', vcf, '--make-pgen', '--out', stem],
  /** Tags of every population, written as BCF, which is the cheapest for it. */
  fillTags: (bcf: string, groups: string, out: string, region?: string) => [
    ...['bcftools', '+fill-tags', ...(region === undefined ? [] : ['-r', region]), bcf, '-Ob', '-o', out],
    ...['--', '-S', groups, '-t', 'AC,AN'],
  ],
  /** One site's counts of everyone. */
  site: (file: string, region: string, out: string) => [
    ...['bcftools', '+fill-tags', '-r', region, file, '-Ob', '-o', out, '--', '-t', 'AC,AN'],
  ],
  freq: (stem: string, out: string) => [
    ...[...PLINK, '--pfile', stem, '--loop-cats', 'POP', '--freq', 'counts', '--out', out],
  ],
} as const;

/** Puts the populations into a pgen's list of people, so that plink2 need not read a second file. */
export async function namePopulations(stem: string, pheno: string): Promise<void> {
  await writeFile(`${stem}.psam`, await readFile(pheno));
}

/** What `+fill-tags` counted in each population, one row an allele. */
export async function filledTags(bcf: string): Promise<FoundRow[]> {
  const tags = POPULATIONS.map((name) => `\\t%INFO/AC_${name}\\t%INFO/AN_${name}`).join('');
  const rows = await output(['bcftools', 'query', '-f', `%POS\\t%REF\\t%ALT${tags}\\n`, bcf]);
  return rows.flatMap((line) => {
    const [pos, ref, alts, ...counts] = line.split('\t');
    return alts!.split(',').map((alt, allele) => ({
      pos: Number(pos),
      ref: ref!,
      alt,
      populations: POPULATIONS.map((_, population) => ({
        ac: Number(counts[2 * population]!.split(',')[allele]),
        an: Number(counts[2 * population + 1]),
      })),
    }));
  });
}

/** AC and AN of everyone at the first allele of a position, after `peers.site`. */
export async function filledSite(bcf: string, pos: number): Promise<{ ac: number; an: number }> {
  const rows = await output(['bcftools', 'query', '-f', '%POS\\t%AC\\t%AN\\n', bcf]);
  const [, ac, an] = rows.map((row) => row.split('\t')).find(([at]) => Number(at) === pos) ?? [];
  return { ac: Number(ac), an: Number(an) };
}

/** What `--freq counts --loop-cats` counted; positions come from the .pvar, which has the same order. */
export async function plinkCounts(stem: string, out: string): Promise<FoundRow[]> {
  const positions = dataLines(await readFile(`${stem}.pvar`, 'utf8')).map((line) =>
    Number(line.split('\t')[1]),
  );
  const tables = await Promise.all(
    POPULATIONS.map(async (name) => dataLines(await readFile(`${out}.${name}.acount`, 'utf8'))),
  );
  return positions.flatMap((pos, row) => {
    const columns = tables.map((table) => (table[row] ?? '').split('\t'));
    const [, , ref, alts] = columns[0]!;
    return (alts ?? '').split(',').map((alt, allele) => ({
      pos,
      ref: ref ?? '',
      alt,
      populations: columns.map((own) => ({
        ac: Number(own.at(-2)?.split(',')[allele]),
        an: Number(own.at(-1)),
      })),
    }));
  });
}

function dataLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The lines that a command prints; throws where it fails. */
export async function output(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const chunks: Buffer[] = [];
  let errors = '';
  child.stdout.on('data', (bytes) => chunks.push(bytes));
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command.join(' ')} failed: ${errors.slice(-800)}`);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function plinkProgram(): string {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const { flag, path } = PLINK_BUILD;
  return existsSync(path) && flags.includes(` ${flag} `) ? path : 'plink2';
}
