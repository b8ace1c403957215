import { CodedError, type Members } from '@federome/core';
import { parseCheckpoint, parseNote, TlogError, type VerifiedSignature, verifyNote } from '@federome/tlog';
import type { LedgerAlarm, LedgerStore } from '../../stores/ledger/ledger-store.ts';
import type { LogFiles } from './log-files.ts';
import { witnessKeys } from './note-keys.ts';
import { quorumSize, type WitnessState } from './witness-round.ts';

/** How the ledger is, for its operator and auditors. */
export interface LedgerStatus {
  readonly origin: string;
  /** Entries of the log. */
  readonly entries: number;
  /** Events that are not in the log yet; more than a moment's worth means that it cannot be written. */
  readonly pending: number;
  readonly cosigned: {
    readonly entries: number;
    readonly by: readonly { readonly member: string; readonly at: string }[];
  };
  /** How many other nodes have to cosign. 0 of 0 outside a network. */
  readonly quorum: { readonly needed: number; readonly of: number };
  /** Since when an entry waits for enough cosignatures (ISO 8601). */
  readonly waitingSince: string | undefined;
  /** Whether it waits for longer than it should. Witnesses that are away stop nothing; somebody has to look after them. */
  readonly overdue: boolean;
  /** What each witness did last, since the server started. */
  readonly witnesses: readonly WitnessState[];
  readonly alarms: readonly Omit<LedgerAlarm, 'first' | 'second'>[];
}

export interface LedgerStatusOptions {
  readonly self: string;
  readonly members: Members;
  readonly store: LedgerStore;
  readonly files: LogFiles;
  readonly alarms: () => Promise<readonly LedgerAlarm[]>;
  readonly witnesses: () => readonly WitnessState[];
  readonly quorum?: number | undefined;
  readonly overdueMs: number;
  readonly now: () => Date;
}

/** What `/api/ledger/status` and `federome ledger status` say. */
export async function ledgerStatus(options: LedgerStatusOptions): Promise<LedgerStatus> {
  const { self, store, files, now, overdueMs } = options;
  const others = (await membersOf(options.members)).filter(({ id }) => id !== self);
  const nodes = others.filter(({ role }) => role === 'node');
  const [latest, kept] = [await files.latest(), await files.cosigned()];
  const entries = latest === undefined ? 0 : parseCheckpoint(parseNote(latest).text).size;
  const cosigned = kept === undefined ? undefined : parseNote(kept);
  const size = cosigned === undefined ? 0 : parseCheckpoint(cosigned.text).size;
  const waiting = nodes.length > 0 && size < entries ? await store.record(size) : undefined;
  const by = others.flatMap((member) => {
    const times = cosigned === undefined ? [] : verified(() => verifyNote(cosigned, witnessKeys(member)));
    return times
      .slice(0, 1)
      .map(({ time = 0 }) => ({ member: member.id, at: new Date(time * 1_000).toISOString() }));
  });
  return {
    origin: self,
    entries,
    pending: await store.pendingCount(),
    cosigned: { entries: size, by },
    quorum: { needed: quorumSize(nodes.length, options.quorum), of: nodes.length },
    waitingSince: waiting?.at,
    overdue: waiting !== undefined && now().getTime() - Date.parse(waiting.at) > overdueMs,
    witnesses: options.witnesses(),
    alarms: (await options.alarms()).map(({ first: _first, second: _second, ...alarm }) => alarm),
  };
}

/** The members, or nobody where there is no directory that counts. */
export async function membersOf(members: Members) {
  try {
    return (await members.current()).members;
  } catch (error) {
    if (error instanceof CodedError && ['node/no-directory', 'node/directory-expired'].includes(error.code))
      return [];
    throw error;
  }
}

function verified(check: () => readonly VerifiedSignature[]): readonly VerifiedSignature[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof TlogError) return [];
    throw error;
  }
}
