import type { AccessLevel } from '../access/level.ts';
import type { Purpose } from '../access/purpose.ts';
import type { Requester } from '../access/requester.ts';

/** The kinds of thing that somebody asks for or does. What exactly was asked is none of the audit's business. */
export const AUDIT_OPERATIONS = [
  /** How many people match filters. */
  'individuals-by-filter',
  /** How many people carry a variant. */
  'individuals-by-variant',
  /** Records of single people, which are refused. */
  'individual-records',
  /** Whether a variant is there, or how many. */
  'variants',
  /** Variants of whole populations, with their frequencies. */
  'variant-frequencies',
  'datasets',
  'filtering-terms',
  /** A question of the portal to every member. */
  'network-question',
  /** Exact counts, for the operator inside the node. */
  'operator-count',
  'operator-frequencies',
  /** Genotypes of single people, for the operator inside the node. */
  'operator-export',
  'login',
  'login-refused',
  'logout',
  'role-change',
  'client-change',
  'visa-grant',
  'visa-revocation',
  'passport-issue',
  'key-rotation',
  'member-change',
  'dataset-deletion',
  'consent-change',
  'audit-read',
  'audit-export',
  'audit-deletion',
  /** Answers were withheld because they could not be recorded; `answer.count` says how many. */
  'audit-interrupted',
  'anomaly',
] as const;
/** See `AUDIT_OPERATIONS`. */
export type AuditOperation = (typeof AUDIT_OPERATIONS)[number];

/**
 * Who did it: a person or client by issuer and subject (pseudonyms of their identity provider's), a member by its id. Of
 * the anonymous nothing is kept, not even an address.
 */
export interface AuditWho {
  readonly kind: Requester['kind'] | 'operator' | 'unknown';
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  /** A member on its own behalf, or the one that a person's question came through. */
  readonly member?: string | undefined;
  /** On whose behalf: the source of the person's affiliation, as a visa says. */
  readonly organisation?: string | undefined;
}

/** How large an answer was, in classes: no count of people is kept. */
export interface AuditAnswer {
  /** People or variants: 0, 1, 10, 100 …, the power of ten at or below; 0 of what is suppressed. */
  readonly count: number;
  /** Records that left (variants with frequencies; genotypes of an export are counted in people): the same classes. */
  readonly records: number;
  /** Disclosure control withheld the number. */
  readonly suppressed: boolean;
}

/** What tells a search for single people from ordinary questions, without telling the question. */
export interface AuditShape {
  /** How many conditions, 0 to 9; more count as 9. */
  readonly filters: number;
  /** The answer was suppressed, or less than twice the threshold. */
  readonly small: boolean;
  /** The same asker put the same question before, within a day and one run of the server. */
  readonly repeated: boolean;
}

/** One question or operation, as the audit keeps it: never a variant, a filter's value, a person's name or an address. */
export interface AuditEvent {
  /** Random. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly operation: AuditOperation;
  readonly who: AuditWho;
  /** Ids of datasets of this node (of a hub: of its members); never what was merely asked for. */
  readonly datasets: readonly string[];
  readonly purpose?: Purpose | undefined;
  readonly decision: 'answered' | 'refused';
  /** Stable code of a refusal. */
  readonly code?: string | undefined;
  readonly level: AccessLevel;
  /** Ids of the visas or grants that opened it. */
  readonly permits: readonly string[];
  readonly answer?: AuditAnswer | undefined;
  readonly shape?: AuditShape | undefined;
  readonly durationMs?: number | undefined;
  /** Of the entry in the ledger, where its use is one. */
  readonly ledgerIndex?: number | undefined;
}

/** What somebody who records an operation says of it; the audit adds id and time. */
export type AuditNote = Omit<AuditEvent, 'id' | 'at' | 'ledgerIndex' | 'datasets' | 'permits' | 'level'> &
  Partial<Pick<AuditEvent, 'datasets' | 'permits' | 'level'>>;

/** Where everything else records what was done. */
export interface Audit {
  /**
   * Resolves when the record is durable, and for uses at the registered or controlled level once they are in the ledger
   * too; what must not leave unrecorded waits for it. Throws `node/audit-unavailable`.
   */
  record(note: AuditNote): Promise<void>;
}

/** 0, 1, 10, 100 …: the power of ten at or below. */
export function sizeClass(count: number): number {
  return count < 1 ? 0 : 10 ** Math.floor(Math.log10(count) + 1e-9);
}

/** What the audit keeps of who asks. */
export function auditWho(requester: Requester): AuditWho {
  switch (requester.kind) {
    case 'anonymous':
      return { kind: 'anonymous' };
    case 'member':
      return { kind: 'member', member: requester.member };
    case 'machine':
      return { kind: 'machine', ...requester.identity };
    case 'person': {
      const affiliation = requester.visas.find(({ type }) => type === 'AffiliationAndRole');
      const { issuer, subject } = requester.identity;
      return {
        kind: 'person',
        issuer,
        subject,
        ...(requester.through === undefined ? {} : { member: requester.through }),
        ...(affiliation === undefined ? {} : { organisation: affiliation.source }),
      };
    }
  }
}

/** One text for whoever acts, to group what they did; `undefined` for whoever is nobody in particular. */
export function auditActor({ kind, issuer, subject, member }: AuditWho): string | undefined {
  if (issuer !== undefined && subject !== undefined) return JSON.stringify([issuer, subject]);
  return kind === 'member' && member !== undefined ? JSON.stringify([member]) : undefined;
}
