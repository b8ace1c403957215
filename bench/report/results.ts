import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edition } from '../data/studies.ts';
import type { PartResult } from '../parts/part.ts';

/** Short name of the last commit that changed what is measured or measures, with `+` where tracked files of it were changed since. */
export function commitOf(root: string): string {
  const measured = ['--', 'packages', 'bench'];
  const git = (...args: string[]): string =>
    spawnSync('git', [...args, ...measured], { cwd: root, encoding: 'utf8' }).stdout ?? '';
  const commit = git('log', '-1', '--format=%h').trim();
  if (commit === '') return 'unknown';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
}

export async function saveResult(directory: string, result: PartResult): Promise<void> {
  const folder = join(directory, result.edition);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.part}.json`), `${JSON.stringify(result, undefined, 1)}\n`);
}

/** What was kept of an edition: the parts measured at that commit, and the names of parts measured at another. */
export async function readResults(
  directory: string,
  edition: Edition,
  commit: string,
): Promise<{ readonly results: Map<string, PartResult>; readonly others: readonly string[] }> {
  const results = new Map<string, PartResult>();
  const others: string[] = [];
  const folder = join(directory, edition);
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    // Written by `saveResult` alone.
    const result: PartResult = JSON.parse(await readFile(join(folder, file), 'utf8'));
    if (result.commit === commit) results.set(result.part, result);
    else others.push(`${result.part} (${result.commit})`);
  }
  return { results, others };
}
