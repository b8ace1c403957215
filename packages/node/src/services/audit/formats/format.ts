import type { KeptEvent } from '../../../stores/audit/audit-store.ts';
import { auditEventOf } from './fhir.ts';
import { TSV_HEADER, tsvRow } from './tsv.ts';

/** In which the audit is exported. */
export const AUDIT_FORMATS = ['tsv', 'json', 'fhir'] as const;
/** See `AUDIT_FORMATS`. */
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

const FORMATS = {
  tsv: { mediaType: 'text/tab-separated-values; charset=utf-8', suffix: 'tsv' },
  json: { mediaType: 'application/json; charset=utf-8', suffix: 'json' },
  fhir: { mediaType: 'application/fhir+ndjson; charset=utf-8', suffix: 'ndjson' },
} as const;

/** The media type of a format, and what the name of its file ends with. */
export function formatOf(format: AuditFormat): { readonly mediaType: string; readonly suffix: string } {
  return FORMATS[format];
}

/**
 * The text of an export, piece by piece: TSV with a header, a JSON array of events, or one FHIR R4 AuditEvent a line.
 * `nodeId` is this node, which observed the events.
 */
export async function* written(
  events: AsyncIterable<KeptEvent>,
  format: AuditFormat,
  nodeId: string,
): AsyncGenerator<string> {
  if (format === 'tsv') yield TSV_HEADER;
  let separator = '[\n';
  for await (const { event } of events) {
    if (format === 'tsv') yield tsvRow(event);
    else if (format === 'fhir') yield `${JSON.stringify(auditEventOf(event, nodeId))}\n`;
    else {
      yield `${separator}${JSON.stringify(event)}`;
      separator = ',\n';
    }
  }
  if (format === 'json') yield separator === '[\n' ? '[]\n' : '\n]\n';
}
