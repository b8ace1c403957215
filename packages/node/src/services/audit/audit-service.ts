import { randomUUID } from 'node:crypto';
import {
  type Audit,
  type AuditEvent,
  type AuditNote,
  type AuditOperation,
  type AuditShape,
  type AuditWho,
  auditActor,
  type Json,
  type Ledger,
  type LedgerEvent,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { AuditStore } from '../../stores/audit/audit-store.ts';
import { AuditWriter, type AuditWriterOptions } from './audit-writer.ts';
import { noteOfEntry } from './ledger-notes.ts';
import { QuestionMemory } from './question-memory.ts';

export interface AuditServiceOptions extends Pick<AuditWriterOptions, 'capacity' | 'gatherMs' | 'retryMs'> {
  readonly store: Pick<AuditStore, 'append'>;
  readonly ledger: Ledger;
  readonly now: () => Date;
  /** This node's id. */
  readonly nodeId: string;
}

/** Uses of data by whoever runs the node, which no disclosure control stands before. */
const OPERATORS_USES: ReadonlySet<AuditOperation> = new Set([
  'operator-count',
  'operator-frequencies',
  'operator-export',
]);

/**
 * Records what is asked and done, before the answer leaves. A use of data by somebody who was let in further than the
 * public, the operator included, is in the ledger first; whatever cannot be recorded does not leave.
 */
export class AuditService implements Audit {
  readonly #options: AuditServiceOptions;
  readonly #writer: AuditWriter;
  readonly #memory: QuestionMemory;

  /**
   * The ledger for everything else: what is recorded there and is somebody's operation (a role, a grant, a key, a member)
   * is in the audit as well.
   */
  readonly ledger: Ledger;

  constructor(options: AuditServiceOptions) {
    this.#options = options;
    this.ledger = { record: (event) => this.#entered(event) };
    this.#memory = new QuestionMemory(options.now);
    this.#writer = new AuditWriter({
      append: (events) => options.store.append(events),
      interrupted: (withheld) => this.#event(interruption(withheld)),
      capacity: options.capacity,
      gatherMs: options.gatherMs,
      retryMs: options.retryMs,
    });
  }

  async record(note: AuditNote): Promise<void> {
    const event = this.#event(note);
    try {
      await this.#writer.add(isUse(event) ? await this.#inLedger(event) : event);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /**
   * Records a question. At the public level it does not wait: it is written within a tenth of a second, together with
   * others. Throws `node/audit-unavailable` where it could not be kept; then no answer may leave.
   */
  async recordQuestion(note: AuditNote): Promise<void> {
    if (note.decision === 'answered' && (note.level ?? 'public') !== 'public') return await this.record(note);
    if (!this.#writer.offer(this.#event(note))) throw unavailable(undefined);
  }

  /** What may be kept of a question's form; the question itself is forgotten. `small`: its answer was about few people. */
  shapeOf(
    who: AuditWho,
    question: { readonly filters?: readonly unknown[] | undefined },
    small: boolean,
  ): AuditShape {
    // Whoever gives no name counts as one: a monitor that asks the same all day is no scan.
    const actor = auditActor(who) ?? who.kind;
    return {
      filters: Math.min(9, question.filters?.length ?? 0),
      small,
      repeated: this.#memory.isRepeated(actor, question),
    };
  }

  /** Writes what waits. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  #event(note: AuditNote): AuditEvent {
    return {
      datasets: [],
      permits: [],
      level: 'public',
      ...note,
      id: randomUUID(),
      at: this.#options.now().toISOString(),
    };
  }

  async #entered(entry: LedgerEvent): Promise<number> {
    const ledgerIndex = await this.#options.ledger.record(entry);
    const note = noteOfEntry(entry, this.#options.nodeId);
    if (note === undefined) return ledgerIndex;
    const event = { ...this.#event(note), ledgerIndex };
    // It is done, and provable: a row that cannot be written now is written later.
    await this.#writer.add(event).catch(() => this.#writer.offer(event));
    return ledgerIndex;
  }

  async #inLedger(event: AuditEvent): Promise<AuditEvent> {
    const ledgerIndex = await this.#options.ledger.record({
      type: 'data/used',
      at: event.at,
      data: useOf(event),
    });
    return { ...event, ledgerIndex };
  }
}

function isUse({ decision, level, operation }: AuditEvent): boolean {
  return decision === 'answered' && (level !== 'public' || OPERATORS_USES.has(operation));
}

/** What the ledger says of a use: by whom (pseudonyms), what for, of which datasets, by which permits. */
function useOf({ id, operation, who, datasets, purpose, level, permits }: AuditEvent): {
  readonly [key: string]: Json;
} {
  const { kind, issuer, subject, member, organisation } = who;
  return {
    audit: id,
    operation,
    who: {
      kind,
      ...(issuer !== undefined && { issuer }),
      ...(subject !== undefined && { subject }),
      ...(member !== undefined && { member }),
      ...(organisation !== undefined && { organisation }),
    },
    datasets,
    level,
    permits,
    ...(purpose !== undefined && { purpose }),
  };
}

function interruption(withheld: number): AuditNote {
  return {
    operation: 'audit-interrupted',
    who: { kind: 'operator' },
    decision: 'refused',
    code: 'node/audit-unavailable',
    answer: { count: withheld, records: 0, suppressed: false },
  };
}

function unavailable(cause: unknown): NodeError {
  return new NodeError(
    'node/audit-unavailable',
    'the answer could not be recorded, so it is not given: try again later',
    { cause },
  );
}
