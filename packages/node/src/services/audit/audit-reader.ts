import { type Asker, type Audit, actingRoles, auditWho, type Role } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type {
  AuditBucket,
  AuditFilter,
  AuditStore,
  FoundAnomaly,
  KeptEvent,
} from '../../stores/audit/audit-store.ts';

export interface AuditReaderOptions {
  readonly store: AuditStore;
  readonly audit: Audit;
}

/** Who runs the machine, at its terminal: whoever may open the home may read its audit. */
export const AT_THE_TERMINAL = 'operator at the terminal';
/** Who reads the audit: somebody who asks over HTTP, or the operator at the machine itself. */
export type AuditReaderAsker = Asker | typeof AT_THE_TERMINAL;

const MAY_READ: ReadonlySet<Role> = new Set(['operator', 'auditor']);
const PAGE = 1_000;

/** Gives the audit to operators and auditors of this node, and records that they read it. */
export class AuditReader {
  readonly #options: AuditReaderOptions;

  constructor(options: AuditReaderOptions) {
    this.#options = options;
  }

  /** One page, the latest first. Throws `node/unauthenticated`, `node/forbidden`. */
  async search(
    asker: AuditReaderAsker,
    filter: AuditFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly KeptEvent[]> {
    await this.#admit(asker, 'audit-read');
    return await this.#options.store.search(filter, page);
  }

  /** Every event that matches, the latest first. Throws `node/unauthenticated`, `node/forbidden`. */
  async export(asker: AuditReaderAsker, filter: AuditFilter): Promise<AsyncIterable<KeptEvent>> {
    await this.#admit(asker, 'audit-export');
    return this.#all(filter);
  }

  /** How many questions there were, and how they fared. Throws `node/unauthenticated`, `node/forbidden`. */
  async timeline(
    asker: AuditReaderAsker,
    filter: AuditFilter,
    by: 'hour' | 'day',
  ): Promise<readonly AuditBucket[]> {
    await this.#admit(asker, undefined);
    return await this.#options.store.timeline(filter, by);
  }

  /** What was unusual, the latest first. Throws `node/unauthenticated`, `node/forbidden`. */
  async anomalies(
    asker: AuditReaderAsker,
    page: { readonly limit: number; readonly since?: string | undefined },
  ): Promise<readonly FoundAnomaly[]> {
    await this.#admit(asker, undefined);
    return await this.#options.store.anomalies(page);
  }

  async *#all(filter: AuditFilter): AsyncIterable<KeptEvent> {
    let before: number | undefined;
    for (;;) {
      const page = await this.#options.store.search(filter, {
        limit: PAGE,
        ...(before !== undefined && { before }),
      });
      yield* page;
      if (page.length < PAGE) return;
      before = page.at(-1)?.sequence;
    }
  }

  /** Who asks is let in by a role at this node, now; and is recorded either way. */
  async #admit(asker: AuditReaderAsker, operation: 'audit-read' | 'audit-export' | undefined): Promise<void> {
    const who = asker === AT_THE_TERMINAL ? { kind: 'operator' as const } : auditWho(asker.requester);
    const refusal = asker === AT_THE_TERMINAL ? undefined : refusalOf(asker);
    if (operation !== undefined || refusal !== undefined) {
      await this.#options.audit.record({
        operation: operation ?? 'audit-read',
        who,
        decision: refusal === undefined ? 'answered' : 'refused',
        ...(refusal !== undefined && { code: refusal.code }),
      });
    }
    if (refusal !== undefined) throw refusal;
  }
}

function refusalOf({ requester }: Asker): NodeError | undefined {
  if (requester.kind === 'anonymous') {
    return new NodeError(
      'node/unauthenticated',
      'log in: the audit is for operators and auditors of this node',
    );
  }
  if (actingRoles(requester).some((role) => MAY_READ.has(role))) return undefined;
  return new NodeError('node/forbidden', 'the audit is for operators and auditors of this node');
}
