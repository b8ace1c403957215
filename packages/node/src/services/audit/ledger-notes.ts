import type { AuditNote, AuditOperation, AuditWho, LedgerEvent } from '@federome/core';

/** What events of the ledger are to the audit, by their type or by what it begins with. */
const OPERATIONS: readonly (readonly [RegExp, AuditOperation])[] = [
  [/^person\/logged-in$/, 'login'],
  [/^person\/logged-out$/, 'logout'],
  [/^person\//, 'role-change'],
  [/^client\//, 'client-change'],
  [/^visa\/granted$/, 'visa-grant'],
  [/^visa\/revoked$/, 'visa-revocation'],
  [/^(visa|passport)\/issued$/, 'passport-issue'],
  [/^key\//, 'key-rotation'],
  [/^directory\//, 'member-change'],
  [/^consent\//, 'consent-change'],
];
const COMMAND_LINE = 'command line';

/**
 * What the audit says of something that others recorded in the ledger: who did it and to which dataset, with the type of
 * the event as its code. `undefined` of what is no operation of anybody's, such as a store's new generation.
 */
export function noteOfEntry({ type, data }: LedgerEvent, nodeId: string): AuditNote | undefined {
  const operation = OPERATIONS.find(([form]) => form.test(type))?.[1];
  if (operation === undefined) return undefined;
  const { by, dataset, grant } = data;
  return {
    operation,
    who: whoOf(by, nodeId),
    decision: 'answered',
    code: type,
    datasets: typeof dataset === 'string' ? [dataset.split(':').at(-1) ?? dataset] : [],
    permits: typeof grant === 'string' ? [grant] : [],
  };
}

/** A person by their number in this node's records, or whoever is at the machine. */
function whoOf(by: unknown, nodeId: string): AuditWho {
  if (by === COMMAND_LINE) return { kind: 'operator' };
  if (typeof by !== 'string') return { kind: 'unknown' };
  return { kind: 'person', issuer: `urn:federome:${nodeId}:person`, subject: by };
}
