import { once } from 'node:events';
import type { Writable } from 'node:stream';

type Cell = string | number | boolean | undefined;

/** Rows under named columns, in the order of the first row's keys. */
export type Row = Readonly<Record<string, Cell>>;

export interface OutputOptions {
  readonly json?: boolean | undefined;
}

/** Writes to standard output as fast as it is taken, so that a slow reader costs no memory. */
export async function write(text: string, stream: Writable = process.stdout): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** Writes bytes to standard output; they are no longer needed when this resolves. */
export async function writeBytes(bytes: Uint8Array, stream: Writable = process.stdout): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

/**
 * A short table: aligned under capitals for people on a terminal, TSV with a header where it is redirected, an array of
 * objects where JSON is asked for.
 */
export async function writeRows(
  columns: readonly string[],
  rows: readonly Row[],
  options: OutputOptions,
): Promise<void> {
  if (options.json) return await write(`${JSON.stringify(rows, null, 2)}\n`);
  const cells = rows.map((row) => columns.map((column) => cellText(row[column])));
  if (!process.stdout.isTTY) return await write([columns, ...cells].map(tsvLine).join(''));
  const header = columns.map((column) => column.toUpperCase());
  const widths = header.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length)));
  const aligned = [header, ...cells].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
  await write(`${aligned.join('\n')}\n`);
}

/** What a command did, in one sentence for people, or as an object where JSON is asked for. */
export async function report(
  sentence: string,
  data: Readonly<Record<string, unknown>>,
  options: OutputOptions,
): Promise<void> {
  await write(options.json ? `${JSON.stringify(data)}\n` : `${sentence}\n`);
}

export function tsvLine(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => String(cell).replaceAll(/[\t\n\r]/g, ' ')).join('\t')}\n`;
}

function cellText(cell: Cell): string {
  return cell === undefined ? '' : String(cell);
}
