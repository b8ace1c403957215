import type { AuditEvent } from '@federome/core';

const COLUMNS: Readonly<Record<string, (event: AuditEvent) => string | number | boolean | undefined>> = {
  at: ({ at }) => at,
  id: ({ id }) => id,
  operation: ({ operation }) => operation,
  kind: ({ who }) => who.kind,
  issuer: ({ who }) => who.issuer,
  subject: ({ who }) => who.subject,
  member: ({ who }) => who.member,
  organisation: ({ who }) => who.organisation,
  datasets: ({ datasets }) => datasets.join(','),
  purpose: ({ purpose }) => purpose,
  decision: ({ decision }) => decision,
  code: ({ code }) => code,
  level: ({ level }) => level,
  permits: ({ permits }) => permits.join(','),
  answerCount: ({ answer }) => answer?.count,
  answerRecords: ({ answer }) => answer?.records,
  suppressed: ({ answer }) => answer?.suppressed,
  filters: ({ shape }) => shape?.filters,
  small: ({ shape }) => shape?.small,
  repeated: ({ shape }) => shape?.repeated,
  durationMs: ({ durationMs }) => durationMs,
  ledgerIndex: ({ ledgerIndex }) => ledgerIndex,
};

/** The names of the columns, as a line. */
export const TSV_HEADER = `${Object.keys(COLUMNS).join('\t')}\n`;

/** One event as a line; what it does not say is empty. A cell that a spreadsheet would compute begins with an apostrophe. */
export function tsvRow(event: AuditEvent): string {
  return `${Object.values(COLUMNS)
    .map((cell) => cellText(cell(event)))
    .join('\t')}\n`;
}

function cellText(value: string | number | boolean | undefined): string {
  const text = value === undefined ? '' : String(value).replaceAll(/[\t\n\r]/g, ' ');
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}
