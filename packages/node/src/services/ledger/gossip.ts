import type { DirectoryMember, Members } from '@federome/core';
import type { ReadPath } from '@federome/tlog';
import type { LedgerAlarm } from '../../stores/ledger/ledger-store.ts';
import type { Alarms } from './alarms.ts';
import { compareHeads, type SignedHead, signedHead } from './heads.ts';
import type { LogFiles } from './log-files.ts';
import { ledgerKeys } from './note-keys.ts';
import type { LedgerPeerOf } from './peers.ts';
import type { WitnessedLog } from './witness-service.ts';

export interface GossipOptions {
  readonly self: string;
  readonly members: Members;
  readonly peerOf: LedgerPeerOf;
  readonly files: LogFiles;
  /** What this server cosigned. */
  readonly heads: () => Promise<readonly WitnessedLog[]>;
  readonly alarms: Alarms;
}

/**
 * Compares what this server was shown of every log with what others were shown and with what the log says now: a log that
 * shows two histories to two witnesses, or fewer entries than it had, is found.
 */
export class Gossip {
  readonly #options: GossipOptions;
  /** Pairs of heads that were found to agree, by the texts of both. */
  readonly #agreeing = new Set<string>();

  constructor(options: GossipOptions) {
    this.#options = options;
  }

  /** Throws `node/no-directory`, `node/directory-expired`; members that are not reached are asked the next time. */
  async run(signal?: AbortSignal): Promise<void> {
    const { self, members } = this.#options;
    const all = (await members.current()).members;
    const known = await this.#known(all);
    for (const member of all.filter(({ id }) => id !== self)) {
      if (signal?.aborted) return;
      await this.#compareWith(member, all, known).catch(() => {});
    }
  }

  /** The heads that this server believes in: its own log's, and those that it cosigned. */
  async #known(all: readonly DirectoryMember[]): Promise<ReadonlyMap<string, SignedHead>> {
    const { self, files, heads } = this.#options;
    const own = await files.latest();
    const notes = [...(await heads()), ...(own === undefined ? [] : [{ origin: self, checkpoint: own }])];
    const known = notes.flatMap(({ origin, checkpoint }) => {
      const member = all.find(({ id }) => id === origin);
      const head = member && signedHead(checkpoint, origin, ledgerKeys(member));
      return head === undefined ? [] : [[origin, head] as const];
    });
    return new Map(known);
  }

  async #compareWith(
    member: DirectoryMember,
    all: readonly DirectoryMember[],
    known: ReadonlyMap<string, SignedHead>,
  ): Promise<void> {
    const peer = this.#options.peerOf(member);
    const latest = await peer.latest();
    const own = latest === undefined ? undefined : signedHead(latest, member.id, ledgerKeys(member));
    const seen = known.get(member.id);
    if (seen !== undefined && own !== undefined && own.size < seen.size)
      await this.#raise('rollback', member.id, member.id, seen, own);
    else if (own !== undefined) await this.#compare(member, member.id, seen, own);
    for (const { origin, checkpoint } of await peer.heads()) {
      const log = all.find(({ id }) => id === origin);
      const head = log && signedHead(checkpoint, origin, ledgerKeys(log));
      if (log !== undefined && head !== undefined)
        await this.#compare(log, member.id, known.get(origin), head);
    }
  }

  async #compare(
    log: DirectoryMember,
    source: string,
    seen: SignedHead | undefined,
    theirs: SignedHead,
  ): Promise<void> {
    if (seen === undefined || seen.note === theirs.note) return;
    const pair = `${seen.note}${theirs.note}`;
    if (this.#agreeing.has(pair)) return;
    const isOwn = log.id === this.#options.self;
    if (isOwn && theirs.size > seen.size) {
      // It may have grown since this run began.
      const now = await this.#options.files.latest();
      const head = now === undefined ? undefined : signedHead(now, log.id, ledgerKeys(log));
      if (head === undefined || head.size < theirs.size)
        return await this.#raise('rollback', log.id, source, theirs, head ?? seen);
    }
    const read: ReadPath = isOwn ? await this.#options.files.view() : this.#options.peerOf(log).read;
    const found = await compareHeads(seen, theirs, read);
    if (found === 'same') this.#remember(pair);
    else await this.#raise('fork', log.id, source, seen, theirs);
  }

  async #raise(
    kind: LedgerAlarm['kind'],
    origin: string,
    source: string,
    first: SignedHead,
    second: SignedHead,
  ): Promise<void> {
    await this.#options.alarms.raise({ kind, origin, source, first: first.note, second: second.note });
  }

  #remember(pair: string): void {
    if (this.#agreeing.size > 1_000) this.#agreeing.clear();
    this.#agreeing.add(pair);
  }
}
