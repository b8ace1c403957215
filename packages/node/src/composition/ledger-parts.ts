import { CodedError, type Members } from '@federome/core';
import { DirectoryStorage, TileLog } from '@federome/tlog';
import { Alarms } from '../services/ledger/alarms.ts';
import { Gossip } from '../services/ledger/gossip.ts';
import { LedgerRecords } from '../services/ledger/ledger-records.ts';
import { ledgerStatus, membersOf } from '../services/ledger/ledger-status.ts';
import { reconcile } from '../services/ledger/ledger-writer.ts';
import { LogFiles } from '../services/ledger/log-files.ts';
import { LogTurns } from '../services/ledger/log-turns.ts';
import { ledgerKeys, signersOf, witnessKeys } from '../services/ledger/note-keys.ts';
import { httpLedgerPeers, type LedgerPeerOf } from '../services/ledger/peers.ts';
import { Pins } from '../services/ledger/pins.ts';
import { LedgerRecorder } from '../services/ledger/recorder.ts';
import { verifyHome } from '../services/ledger/verify-home.ts';
import { quorumSize, WitnessRound } from '../services/ledger/witness-round.ts';
import { WitnessService } from '../services/ledger/witness-service.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import { SqlLedgerStore } from '../stores/ledger/sql-ledger-store.ts';
import { SqlAlarmStore, SqlWitnessStore } from '../stores/ledger/sql-witness-store.ts';
import type { Foundation } from './foundation.ts';

export interface LedgerOptions {
  readonly members: Members;
  readonly signing: Pick<SigningKeys, 'signingKeys' | 'sign'>;
  /** How often other members are asked to cosign, and their logs compared; 10 s by default. */
  readonly everyMs?: number | undefined;
  /** How many other nodes must cosign a head; more than half of them by default. */
  readonly quorum?: number | undefined;
  /** After which an entry without enough cosignatures is overdue; 10 minutes by default. */
  readonly overdueMs?: number | undefined;
  /** How other members are reached; over HTTP by default. */
  readonly peerOf?: LedgerPeerOf | undefined;
}

/** What `composeLedger` fills in. */
interface PartsOptions extends LedgerOptions {
  /** Of the log's files. */
  readonly directory: string;
  readonly directoryOf: (dataset: string) => string;
  readonly randomBytes: (size: number) => Uint8Array;
}

const DEFAULT_OVERDUE_MS = 600_000;

/** Builds all of a ledger; `composeLedger` loads it when it is wanted first. */
export function ledgerParts({ config, database, now }: Foundation, options: PartsOptions) {
  const { members, signing, directory, quorum } = options;
  const self = config.id;
  const store = new SqlLedgerStore(database);
  const witnessStore = new SqlWitnessStore(database);
  const files = new LogFiles(directory);
  const turns = new LogTurns(() => openLog(directory, self, store, signing));
  const withLog = <T>(work: (log: TileLog) => Promise<T>) => turns.use(work, async () => undefined);
  const recorder = new LedgerRecorder(store, turns, options.randomBytes);
  const alarms = new Alarms(new SqlAlarmStore(database), recorder, now);
  const peerOf = options.peerOf ?? httpLedgerPeers();
  const ownKey = async () => (await signersOf(signing, 'ledger', self))[0]!.key;
  const shared = { self, members, peerOf, files, alarms, quorum, now };
  const witness = new WitnessService({ self, members, keys: signing, store: witnessStore, alarms, now });
  const rounds = new WitnessRound({ ...shared, withLog, ownKey });
  const gossip = new Gossip({ ...shared, heads: () => witness.heads() });
  return {
    recorder,
    files,
    witness,
    alarms,
    records: new LedgerRecords(store, files, recorder, now),
    pins: new Pins({ ledger: recorder, store, directoryOf: options.directoryOf, now }),
    /** Asks for cosignatures, then compares what was seen of others. Nothing to do in no network. */
    round: async (signal?: AbortSignal) => {
      try {
        await rounds.run();
        await gossip.run(signal);
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== 'node/no-directory') throw error;
      }
    },
    status: () =>
      ledgerStatus({
        ...shared,
        store,
        alarms: () => alarms.list(),
        witnesses: () => rounds.states,
        overdueMs: options.overdueMs ?? DEFAULT_OVERDUE_MS,
      }),
    /** The keys of the log and of its witness, as others need them. */
    verifierKeys: async () => ({
      log: await ownKey(),
      witness: (await signersOf(signing, 'witness', self))[0]!.key,
    }),
    /** Which heads of a member's log are believed, as the directory has its keys; of this server itself too. */
    keysOf: async (origin: string) => {
      const all = await membersOf(members);
      const others = all.filter(({ id, role }) => id !== origin && role === 'node');
      const member = all.find(({ id }) => id === origin);
      const own = origin === self ? ledgerKeys({ id: self, keys: await signing.signingKeys('ledger') }) : [];
      const logKeys = member === undefined ? own : unique([...ledgerKeys(member), ...own]);
      return {
        logKeys,
        witnessKeys: others.flatMap(witnessKeys),
        needed: quorumSize(others.length, origin === self ? quorum : undefined),
      };
    },
    verify: async (keys: {
      readonly logKeys: Parameters<typeof verifyHome>[0]['logKeys'];
      readonly witnessKeys: Parameters<typeof verifyHome>[0]['witnessKeys'];
      readonly needed: number;
    }) => await verifyHome({ ...keys, store, read: await files.view() }),
  };
}

/** See `ledgerParts`. */
export type LedgerParts = ReturnType<typeof ledgerParts>;

async function openLog(
  directory: string,
  origin: string,
  store: SqlLedgerStore,
  signing: PartsOptions['signing'],
): Promise<TileLog> {
  const signers = await signersOf(signing, 'ledger', origin);
  const log = await TileLog.open({ origin, signers, storage: new DirectoryStorage(directory) });
  try {
    await reconcile(log, store);
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}

function unique<Key extends { readonly id: string }>(keys: readonly Key[]): readonly Key[] {
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}
