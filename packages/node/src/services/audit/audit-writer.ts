import type { AuditEvent } from '@federome/core';

export interface AuditWriterOptions {
  /** Durable when it returns. */
  readonly append: (events: readonly AuditEvent[]) => Promise<void>;
  /** Told once the store works again: how many answers were withheld meanwhile. Gives the event that says so. */
  readonly interrupted: (withheld: number) => AuditEvent;
  /** Events that may wait; 10,000 by default. */
  readonly capacity?: number | undefined;
  /** How long public ones may wait for others to be written with; 100 ms by default. */
  readonly gatherMs?: number | undefined;
  /** How long after a failure it is tried again; 1 s by default. */
  readonly retryMs?: number | undefined;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const MAXIMUM_GROUP = 1_000;

/**
 * Writes events in groups: one sync of the disk for all that came meanwhile. `add` waits for it, `offer` does not. What was
 * offered stays, in its order, until it is written; what was added and could not be is the caller's to refuse.
 */
export class AuditWriter {
  readonly #options: AuditWriterOptions;
  readonly #capacity: number;
  /** In the order of their coming; whoever waits stands beside theirs. */
  #queue: { readonly event: AuditEvent; readonly waiting: Waiting | undefined }[] = [];
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #fails = false;
  #withheld = 0;

  constructor(options: AuditWriterOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? 10_000;
  }

  /** Resolves once the event is durable; rejects with the store's reason. */
  add(event: AuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, waiting: { resolve, reject } });
      this.#write();
    });
  }

  /** Takes an event to be written soon; false where it cannot: too many wait, or the store fails. */
  offer(event: AuditEvent): boolean {
    if (this.#fails || this.#queue.length >= this.#capacity) {
      this.#withheld += 1;
      return false;
    }
    this.#queue.push({ event, waiting: undefined });
    this.#later(this.#options.gatherMs ?? 100);
    return true;
  }

  /** Writes what waits, and returns when it is durable or the store has refused it once more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    this.#write();
    await this.#writing;
    clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => this.#write(), ms);
    this.#timer.unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing !== undefined) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#queue.length > 0) this.#later(this.#fails ? (this.#options.retryMs ?? 1_000) : 0);
    });
  }

  async #writeAll(): Promise<void> {
    // What else came with the same turn of the event loop joins in.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const group = this.#queue.slice(0, MAXIMUM_GROUP);
      const gap = this.#withheld;
      const events = group.map(({ event }) => event);
      try {
        await this.#options.append(gap > 0 ? [...events, this.#options.interrupted(gap)] : events);
      } catch (error) {
        this.#fails = true;
        // Nobody waits for longer than one attempt: what was added is refused and leaves the queue.
        const all = this.#queue;
        this.#queue = all.filter(({ waiting }) => waiting === undefined);
        for (const { waiting } of all) waiting?.reject(error);
        return;
      }
      this.#fails = false;
      this.#withheld -= gap;
      this.#queue.splice(0, group.length);
      for (const { waiting } of group) waiting?.resolve();
    }
  }
}
