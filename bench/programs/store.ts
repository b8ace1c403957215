import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PeopleSet } from '@federome/core';
import { build } from 'vite';
import type { Study } from '../data/have-study.ts';
import { POPULATIONS, populationsOf } from '../data/study.ts';
import { type FoundRow, WrongCount } from '../run/check.ts';
import { measure } from '../run/measure.ts';

export const STORE_INGEST = 'store ingest';
export const STORE_FREQUENCIES = 'store frequencies';
export const STORE_KEEP = 'store, counts kept';
export const STORE_KEPT = 'store frequencies, kept';

/** Tasks of the store, each in a process of its own: joined modules and kept compiled code, as the command has them. */
export class StorePrograms {
  /** For every task, so that V8's code is kept between runs. */
  readonly env: Readonly<Record<string, string>>;
  readonly #task: string;
  readonly #latency: string;

  private constructor(directory: string) {
    this.#task = join(directory, 'store-task.js');
    this.#latency = join(directory, 'latency-task.js');
    this.env = { NODE_COMPILE_CACHE: join(directory, 'compiled') };
  }

  /** Joins the tasks' modules as they are now. */
  static async build(directory: string): Promise<StorePrograms> {
    const source = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
    await build({
      configFile: false,
      logLevel: 'error',
      plugins: [{ name: 'files-lie-beside-sources', transform: besideItsSource }],
      ssr: { noExternal: [/^@federome\//], target: 'node' },
      build: {
        ssr: true,
        outDir: directory,
        emptyOutDir: true,
        target: 'node24',
        minify: false,
        rolldownOptions: {
          input: { 'store-task': source('store-task'), 'latency-task': source('latency-task') },
          output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    });
    await writeFile(join(directory, 'package.json'), '{"type":"module"}');
    return new StorePrograms(directory);
  }

  ingest(directory: string, vcf: string): string[] {
    return [process.execPath, this.#task, 'ingest', directory, vcf];
  }

  keep(directory: string, cohorts: readonly string[]): string[] {
    return [process.execPath, this.#task, 'keep', directory, ...cohorts];
  }

  frequencies(directory: string, out: string, cohorts: readonly string[]): string[] {
    return [process.execPath, this.#task, 'frequencies', directory, out, ...cohorts];
  }

  site(directory: string, site: { pos: number; ref: string; alt: string }, out: string): string[] {
    return [process.execPath, this.#task, 'site', directory, `${site.pos}`, site.ref, site.alt, out];
  }

  export(directory: string, out: string, from: number, to: number): string[] {
    return [process.execPath, this.#task, 'export', directory, out, `${from}`, `${to}`];
  }

  /** See `latency-task.ts`. */
  latency(
    question: string,
    directory: string,
    truth: string,
    out: string,
    cohorts: readonly string[],
  ): string[] {
    return [process.execPath, this.#latency, question, directory, truth, out, ...cohorts];
  }

  /** Takes in a study where no store of it is yet. */
  async storeOf(directory: string, study: Study): Promise<string> {
    try {
      await stat(directory);
    } catch {
      await measure(this.ingest(directory, `${study.stem}.vcf.gz`), this.env);
    }
    return directory;
  }
}

function besideItsSource(code: string, id: string): { code: string; map: null } | null {
  if (!id.endsWith('.ts') || id.includes('/node_modules/') || !code.includes('import.meta.url')) return null;
  return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null };
}

/** Writes each population of a study as the bitmap that a node holds of it; returns the paths. */
export async function writeCohorts(study: Study): Promise<string[]> {
  const { people, seed } = study.shape;
  const members: number[][] = POPULATIONS.map(() => []);
  for (const [person, population] of populationsOf(people, seed).entries()) members[population]!.push(person);
  return Promise.all(
    members.map(async (own, population) => {
      const path = `${study.stem}.${POPULATIONS[population]}.people`;
      await writeFile(path, PeopleSet.of(own).toBytes());
      return path;
    }),
  );
}

/** What the task `frequencies` wrote: a row for each allele and population, those of an allele together. */
export async function storeCounts(path: string): Promise<FoundRow[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(1, -1);
  const rows: FoundRow[] = [];
  for (let line = 0; line < lines.length; line += POPULATIONS.length) {
    const own = lines.slice(line, line + POPULATIONS.length).map((text) => text.split('\t'));
    const [, pos, ref, alt] = own[0]!;
    const strange = own.findIndex(
      (cells, index) =>
        cells[1] !== pos || cells[2] !== ref || cells[3] !== alt || cells[4] !== POPULATIONS[index],
    );
    if (strange >= 0)
      throw new WrongCount(`the store's row ${line + strange + 2} is not of ${pos} ${ref}>${alt}`);
    const populations = own.map((cells) => ({
      ac: Number(cells[5]),
      an: Number(cells[6]),
      hom: Number(cells[7]),
      missing: Number(cells[10]),
    }));
    rows.push({ pos: Number(pos), ref: ref!, alt: alt!, populations });
  }
  return rows;
}

/** Bytes of all files of a store, and of those that hold its people's names. */
export async function storeBytes(directory: string): Promise<{ all: number; names: number }> {
  let [all, names] = [0, 0];
  for (const file of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const { size } = await stat(join(file.parentPath, file.name));
    all += size;
    if (file.name.endsWith('.people')) names += size;
  }
  return { all, names };
}
