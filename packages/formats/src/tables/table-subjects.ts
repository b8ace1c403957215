import type { SourceLocation, SubjectRecord } from '@federome/core';
import { type LocatedSubject, refusal } from '../subjects/located.ts';
import { Columns } from './columns.ts';
import type { Mapping } from './mapping.ts';
import { BadValue, rowReader } from './row-reader.ts';
import { openTable } from './table.ts';

const DELIMITERS = { comma: ',', tab: '\t', semicolon: ';', pipe: '|' } as const;

/** The people of a table, one a row, as a mapping says; without one the columns have Federome's own names. */
export async function* tableSubjects(
  chunks: AsyncIterable<string>,
  file: string,
  mapping: Mapping | undefined,
): AsyncGenerator<LocatedSubject> {
  const named = Object.entries(DELIMITERS).find(([name]) => name === mapping?.content.delimiter)?.[1];
  const table = await openTable(chunks, file, named);
  try {
    const columns = new Columns(table.columns, file);
    const read = rowReader(mapping ?? ownColumns(columns, file, table.headerLine), columns);
    for await (const row of table.rows) {
      const location = { file, line: row.line };
      yield { subject: located(() => read(row.cells), location), location };
    }
  } finally {
    await table.rows.return(undefined);
  }
}

function located(read: () => SubjectRecord, location: SourceLocation): SubjectRecord {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadValue ? refusal('formats/table', error.message, location) : error;
  }
}

/** The mapping of a table whose columns are called id, sex, birthDate, population and terms; only `id` must be there. */
function ownColumns(columns: Columns, file: string, line: number): Mapping {
  const present = (name: string) => (columns.find(name) === undefined ? undefined : name);
  const [sex, birthDate, population, terms] = ['sex', 'birthDate', 'population', 'terms'].map(present);
  return {
    content: {
      id: 'id',
      ...(sex === undefined ? {} : { sex }),
      ...(birthDate === undefined ? {} : { dateOfBirth: birthDate }),
      ...(population === undefined ? {} : { population }),
      ...(terms === undefined ? {} : { terms: [terms] }),
    },
    locate: () => ({ file, line }),
  };
}
