import { randomUUID } from 'node:crypto';
import {
  CoreError,
  holderOf,
  type Identity,
  type Json,
  type Ledger,
  Refusal,
  readConditions,
  readLinkedIdentities,
  type VisaType,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { Grant, GrantFilter, GrantStore } from '../../stores/grants/grant-store.ts';
import { assertMayList, assertMayRevoke, authorityFor, type Granter } from './grant-permissions.ts';
import type { Trust } from './trust.ts';

/** What somebody wants to grant. */
export interface GrantDraft {
  readonly identity: Identity;
  readonly type: VisaType;
  readonly value: string;
  /** The node itself where omitted. */
  readonly source?: string | undefined;
  readonly conditions?: Json | undefined;
  /** ISO 8601; now where omitted. */
  readonly from?: string | undefined;
  /** ISO 8601. */
  readonly until?: string | undefined;
  readonly reason: string;
}

export interface GrantPorts {
  readonly store: GrantStore;
  readonly ledger: Ledger;
  readonly trust: Trust;
  /** Sources beyond itself for which this node may speak. */
  readonly sources: readonly string[];
  readonly hasDataset: (id: string) => Promise<boolean>;
  readonly now: () => Date;
  /** Tells the other members of a revocation that is durable; whoever is not reached reads it by themselves. */
  readonly revoked: () => Promise<void>;
  readonly newId?: (() => string) | undefined;
}

const MAXIMUM_TEXT = 255;
const MAXIMUM_LINKS = 2_000;
const KEPT_MS = 10 * 365 * 86_400_000;

/** Grants of this node: who may have what, until when, and who decided it. */
export class GrantService {
  readonly #ports: GrantPorts;

  constructor(ports: GrantPorts) {
    this.#ports = ports;
  }

  /** Throws `node/forbidden`, `node/bad-grant`, `node/no-directory`, `node/ledger-unavailable`. */
  async grant(granter: Granter, draft: GrantDraft): Promise<Grant> {
    const by = authorityFor(granter, draft.type, draft.identity);
    const at = this.#ports.now();
    const { url } = await this.#ports.trust.ownMember();
    const source = draft.source ?? url;
    if (source !== url && !this.#ports.sources.includes(source)) {
      throw badGrant('this node does not speak for that source: see visas.memberSources of federome.json');
    }
    await this.#assertValue(draft);
    const grant: Grant = {
      id: (this.#ports.newId ?? randomUUID)(),
      identity: identityOf(draft.identity),
      type: draft.type,
      value: draft.value,
      source,
      by,
      conditions: conditionsOf(draft.conditions),
      ...periodOf(draft, at),
      grantedBy: this.#identityOf(granter),
      grantedAt: at.toISOString(),
      reason: textOf(draft.reason, 'reason'),
    };
    // Recorded first: a grant that the ledger does not know must not come to be.
    await this.#record('visa/granted', grant, { until: grant.until, by });
    await this.#ports.store.add(grant);
    return grant;
  }

  /**
   * Ends a grant now and for good. It is ended even where the ledger cannot be written at once; the ledger is told later
   * then. Throws `node/forbidden`, `node/unknown-grant`.
   */
  async revoke(granter: Granter, id: string, reason: string): Promise<Grant> {
    const grant = await this.#ports.store.grant(id);
    if (grant === undefined) throw new NodeError('node/unknown-grant', 'there is no grant of this id');
    assertMayRevoke(granter, grant.type, grant.identity);
    const revocation = {
      at: this.#ports.now().toISOString(),
      by: this.#identityOf(granter),
      reason: textOf(reason, 'reason'),
    };
    const revoked = (await this.#ports.store.revoke(id, revocation)) ?? grant;
    // Neither waits for the other: a ledger that cannot be written must not keep others from knowing, nor they the ledger.
    const [, recorded] = await Promise.allSettled([this.#ports.revoked(), this.recordRevocations()]);
    if (recorded.status === 'rejected') throw recorded.reason;
    return revoked;
  }

  /** Throws `node/forbidden` where somebody wants those of another without being one who decides. */
  async list(granter: Granter, filter: GrantFilter = {}): Promise<readonly Grant[]> {
    const own = granter.kind === 'person' && filter.identity !== undefined;
    const isOwn =
      own &&
      granter.identity.issuer === filter.identity.issuer &&
      granter.identity.subject === filter.identity.subject;
    if (!isOwn) assertMayList(granter);
    return await this.#ports.store.grants(filter);
  }

  /** Tells the ledger of revocations that it has not been told of. Throws `node/ledger-unavailable`. */
  async recordRevocations(): Promise<void> {
    for (const grant of await this.#ports.store.unrecorded()) {
      await this.#record('visa/revoked', grant, { revocation: grant.revocation ?? 0 });
      await this.#ports.store.recorded(grant.id);
    }
  }

  /** Deletes grants that ended ten years ago: as long as access to health data has to be accounted for. */
  async deleteOld(): Promise<number> {
    return await this.#ports.store.deleteEndedBefore(
      new Date(this.#ports.now().getTime() - KEPT_MS).toISOString(),
    );
  }

  async #record(type: string, grant: Grant, data: { readonly [key: string]: Json }): Promise<void> {
    const isDataset = grant.type === 'ControlledAccessGrants';
    await this.#ports.ledger.record({
      type,
      at: this.#ports.now().toISOString(),
      data: { grant: grant.id, kind: grant.type, ...(isDataset ? { dataset: grant.value } : {}), ...data },
    });
  }

  async #assertValue({ type, value }: GrantDraft): Promise<void> {
    textOf(value, 'value', type === 'LinkedIdentities' ? MAXIMUM_LINKS : MAXIMUM_TEXT);
    if (type === 'ControlledAccessGrants') {
      const dataset = value.split(':').at(-1) ?? '';
      const isOwn = holderOf(value) === this.#ports.trust.self;
      if (!isOwn || !(await this.#ports.hasDataset(dataset))) {
        throw badGrant(
          `expected a dataset of this node: urn:federome:${this.#ports.trust.self}:dataset:<id>`,
        );
      }
    }
    if (type === 'AffiliationAndRole' && !/^[^@\s]+@[^@\s]+$/.test(value)) {
      throw badGrant('expected an affiliation such as faculty@ut.ee');
    }
    if (type === 'LinkedIdentities') asGrant(() => readLinkedIdentities(value));
    if ((type === 'ResearcherStatus' || type === 'AcceptedTermsAndPolicies') && !URL.canParse(value)) {
      throw badGrant('expected the URL of the document that says what is accepted or fulfilled');
    }
  }

  #identityOf(granter: Granter): Identity {
    return granter.kind === 'person'
      ? granter.identity
      : { issuer: `urn:federome:${this.#ports.trust.self}`, subject: 'system' };
  }
}

function periodOf({ from, until }: GrantDraft, at: Date): { readonly from: string; readonly until: string } {
  if (until === undefined) throw badGrant('a grant needs an end');
  const [begin, end] = [from === undefined ? at.getTime() : Date.parse(from), Date.parse(until)];
  if (!Number.isFinite(begin) || !Number.isFinite(end)) throw badGrant('from and until must be instants');
  if (end <= begin || end <= at.getTime())
    throw badGrant('a grant ends after it begins, and not in the past');
  return { from: new Date(begin).toISOString(), until: new Date(end).toISOString() };
}

function conditionsOf(conditions: Json | undefined): Json | undefined {
  asGrant(() => readConditions(conditions));
  return Array.isArray(conditions) && conditions.length === 0 ? undefined : conditions;
}

function identityOf({ issuer, subject }: Identity): Identity {
  return { issuer: textOf(issuer, 'issuer'), subject: textOf(subject, 'subject') };
}

function textOf(text: string, name: string, maximum = MAXIMUM_TEXT): string {
  if (text !== '' && text.length <= maximum && !/\p{Cc}/u.test(text)) return text;
  throw badGrant(`${name}: expected a text of up to ${maximum} characters in one line`);
}

/** What a visa would be refused for is refused as a grant. */
function asGrant(check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof Refusal || cause instanceof CoreError)) throw cause;
    throw badGrant(cause.message);
  }
}

function badGrant(why: string): NodeError {
  return new NodeError('node/bad-grant', why);
}
