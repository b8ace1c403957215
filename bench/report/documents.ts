import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const [START, END] = ['<!-- benchmark: written by `npm run bench -- --write` -->', '<!-- /benchmark -->'];

/** Replaces what stands between the marks of a document. Throws where it has none. */
export function between(document: string, content: string): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`no "${START}" … "${END}" to write between`);
  return `${document.slice(0, start + START.length)}\n\n${content.trim()}\n\n${document.slice(end)}`;
}

/** Writes the report and the plot into docs, and the table of targets into the README. */
export async function writeDocuments(
  root: string,
  { report, plot, summary }: { readonly report: string; readonly plot: string; readonly summary: string },
): Promise<void> {
  await writeFile(join(root, 'docs', 'benchmarks.svg'), plot);
  for (const [path, content] of [
    [join(root, 'docs', 'benchmarks.md'), report],
    [join(root, 'README.md'), summary],
  ] as const) {
    await writeFile(path, between(await readFile(path, 'utf8'), content));
  }
}
