import { pipeline, Readable } from 'node:stream';
import type { CsvError } from 'csv-parse';
import { FormatError } from '../errors.ts';

export interface TableRow {
  readonly cells: readonly string[];
  /** 1-based line on which the row begins. */
  readonly line: number;
}

export interface Table {
  readonly file: string;
  /** Trimmed; the header's line is `headerLine`. */
  readonly columns: readonly string[];
  readonly headerLine: number;
  readonly rows: AsyncGenerator<TableRow>;
}

const DELIMITERS = ['\t', ',', ';', '|'] as const;
const RECORD_LIMIT_CHARS = 16 * 1024 * 1024;

/**
 * Opens a table with a header: comma, tab, semicolon or pipe separated (told by the header unless given), with quotes as
 * in RFC 4180. Lines that begin with `##` before and between rows, and blank lines, are skipped.
 *
 * @throws FormatError `formats/table` for a row with another number of fields than the header, an unclosed quote, a
 * column named twice; `formats/truncated` where the table ends inside a quoted field.
 */
export async function openTable(
  chunks: AsyncIterable<string>,
  file: string,
  delimiter?: string,
): Promise<Table> {
  const { head, rest } = await withHeader(chunks);
  const rows = records(rest, file, delimiter ?? detectDelimiter(head));
  const header = await rows.next();
  if (header.done === true)
    throw new FormatError('formats/table', 'has no header', { location: { file, line: 1 } });
  const columns = header.value.cells.map((name, index) =>
    (index === 0 ? name.replace(/^#/, '') : name).trim(),
  );
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw new FormatError('formats/table', `names the column "${twice}" twice`, {
      location: { file, line: header.value.line },
    });
  return { file, columns, headerLine: header.value.line, rows: sameWidth(rows, columns, file) };
}

async function* sameWidth(
  rows: AsyncGenerator<TableRow>,
  columns: readonly string[],
  file: string,
): AsyncGenerator<TableRow> {
  for await (const row of rows) {
    if (row.cells.length !== columns.length)
      throw new FormatError(
        'formats/table',
        `has ${row.cells.length} fields on this line, expected ${columns.length} as in the header`,
        { location: { file, line: row.line } },
      );
    yield row;
  }
}

async function* records(
  chunks: AsyncIterable<string>,
  file: string,
  delimiter: string,
): AsyncGenerator<TableRow> {
  const { CsvError, parse } = await import('csv-parse');
  const parser = parse({
    delimiter,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    comment: '##',
    comment_no_infix: true,
    max_record_size: RECORD_LIMIT_CHARS,
  });
  const source = Readable.from(chunks, { objectMode: true });
  pipeline(source, parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }>) {
      const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      yield { cells: record, line: info.lines - breaks };
    }
  } catch (cause) {
    throw cause instanceof CsvError ? tableError(cause, file) : cause;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function tableError(cause: CsvError, file: string): FormatError {
  const line = 'lines' in cause && typeof cause.lines === 'number' ? cause.lines : undefined;
  const location = { file, line };
  if (cause.code === 'CSV_QUOTE_NOT_CLOSED')
    return new FormatError('formats/truncated', 'ends inside a quoted field', { location, cause });
  const reason =
    cause.code === 'CSV_MAX_RECORD_SIZE'
      ? `has a row of more than ${RECORD_LIMIT_CHARS} characters`
      : 'has a quoted field that is not followed by a delimiter';
  return new FormatError('formats/table', reason, { location, cause });
}

/** Reads on until the header's line is complete, and puts what was read back. */
async function withHeader(
  chunks: AsyncIterable<string>,
): Promise<{ readonly head: string; readonly rest: AsyncIterable<string> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = '';
  while (headerLine(head) === undefined && head.length < RECORD_LIMIT_CHARS) {
    const next = await iterator.next();
    if (next.done === true) break;
    head += next.value;
  }
  return { head: headerLine(head) ?? head, rest: rejoined(head, iterator) };
}

async function* rejoined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function headerLine(text: string): string | undefined {
  return /^(?:(?:##[^\n]*|[ \t\r]*)\n)*(?!##)([^\n]*\S[^\n]*)\n/.exec(text)?.[1];
}

function detectDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return DELIMITERS.reduce<string>((best, next) => (count(next) > count(best) ? next : best), '\t');
}
