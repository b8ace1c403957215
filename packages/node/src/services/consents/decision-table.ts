import {
  type ConsentDecision,
  CoreError,
  parseConsentDecision,
  parseConsentItem,
  type SourceLocation,
} from '@federome/core';
import { FormatError, openInput, openTable, type Table, utf8Text } from '@federome/formats';

const COLUMNS = ['subject', 'item', 'decision'];

/** The decisions of a table; `refuse` makes the error for a subject that is not known. */
export async function* readDecisions(
  path: string,
  isKnown: (subject: string) => boolean,
  refuse: (subject: string, location: SourceLocation) => Error,
): AsyncIterable<ConsentDecision> {
  const table = await openTable(utf8Text((await openInput(path)).chunks, path), path);
  const [subjectAt, itemAt, decisionAt] = COLUMNS.map((name) => {
    const at = table.columns.findIndex((column) => column.toLowerCase() === name);
    if (at < 0) throw missingColumn(name, table);
    return at;
  });
  for await (const { cells, line } of table.rows) {
    const location = { file: path, line };
    const subject = cells[subjectAt!]!.trim();
    if (!isKnown(subject)) throw refuse(subject, location);
    try {
      const decision = parseConsentDecision(cells[decisionAt!]!);
      for (const scope of parseConsentItem(cells[itemAt!]!)) yield { subject, scope, decision };
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
      throw new CoreError(cause.code, cause.message, { location, cause });
    }
  }
}

function missingColumn(name: string, { columns, file, headerLine }: Table): FormatError {
  return new FormatError(
    'formats/missing-column',
    `has no column '${name}' (expected ${COLUMNS.join(', ')}; found ${columns.join(', ')})`,
    { location: { file, line: headerLine } },
  );
}
