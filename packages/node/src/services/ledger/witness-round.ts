import type { DirectoryMember, Members } from '@federome/core';
import {
  addSignatures,
  cosign,
  type NoteKey,
  type NoteSignature,
  parseCheckpoint,
  parseNote,
  quorumOf,
  type TileLog,
  TileReader,
  TlogError,
  verifyCheckpoint,
  verifyNote,
  type WitnessOutcome,
} from '@federome/tlog';
import type { Alarms } from './alarms.ts';
import { compareHeads, signedHead } from './heads.ts';
import type { LogFiles } from './log-files.ts';
import { ledgerKeys, witnessKeys } from './note-keys.ts';
import type { LedgerPeerOf } from './peers.ts';

export interface WitnessRoundOptions {
  readonly self: string;
  readonly members: Members;
  readonly peerOf: LedgerPeerOf;
  readonly files: LogFiles;
  /** Does something as the log's writer. */
  readonly withLog: <T>(work: (log: TileLog) => Promise<T>) => Promise<T>;
  /** The key with which the log signs now. */
  readonly ownKey: () => Promise<NoteKey>;
  readonly alarms: Alarms;
  /** How many other nodes must cosign; more than half of them unless given. */
  readonly quorum?: number | undefined;
  readonly now: () => Date;
}

/** What a witness did when it was asked last. */
export interface WitnessState {
  readonly member: string;
  readonly outcome: WitnessOutcome['kind'];
  /** ISO 8601. */
  readonly at: string;
}

/** How many of `nodes` others have to cosign: more than half, or as told, and never more than there are. */
export function quorumSize(nodes: number, wanted?: number): number {
  return Math.min(nodes, wanted ?? (nodes === 0 ? 0 : Math.floor(nodes / 2) + 1));
}

/** Asks the other members to cosign this server's log whenever it grew, and keeps what enough of them cosigned. */
export class WitnessRound {
  readonly #options: WitnessRoundOptions;
  readonly #states = new Map<string, WitnessState>();
  readonly #sizes = new Map<string, number>();
  /** Cosignatures of the latest head, which may come in several rounds. */
  #gathered: { text: string; signatures: readonly NoteSignature[] } = { text: '', signatures: [] };

  constructor(options: WitnessRoundOptions) {
    this.#options = options;
  }

  /** What each witness did last, since this server started. */
  get states(): readonly WitnessState[] {
    return [...this.#states.values()];
  }

  /** Throws `node/no-directory`, `node/directory-expired`. What a single witness does is in `states`. */
  async run(): Promise<void> {
    const { self, members, files } = this.#options;
    const others = (await members.current()).members.filter(({ id }) => id !== self);
    const latest = await this.#signedByCurrentKey(await files.latest());
    if (latest === undefined) return;
    const text = parseNote(latest).text;
    if (this.#gathered.text !== text) this.#gathered = { text, signatures: await this.#kept(text) };
    const missing = others.filter((member) => !this.#hasCosigned(member, text));
    if (missing.length === 0) return;
    await this.#ask(missing, latest);
    await this.#keep(latest, others);
  }

  async #ask(witnesses: readonly DirectoryMember[], latest: string): Promise<void> {
    const { peerOf, files, now } = this.#options;
    const head = parseCheckpoint(parseNote(latest).text);
    const peers = witnesses.map((member) => ({
      member,
      keys: witnessKeys(member),
      addCheckpoint: (body: string) => peerOf(member).addCheckpoint(body),
    }));
    const tree = new TileReader(await files.view(), head.size);
    const sizes = new Map(peers.map((peer) => [peer.keys, this.#sizes.get(peer.member.id) ?? 0]));
    const { outcomes } = await cosign(latest, tree, peers, ({ keys }) => sizes.get(keys) ?? 0);
    for (const [at, outcome] of outcomes.entries()) {
      const { member } = peers[at]!;
      this.#states.set(member.id, { member: member.id, outcome: outcome.kind, at: now().toISOString() });
      if (outcome.kind === 'cosigned') {
        this.#sizes.set(member.id, head.size);
        this.#gathered.signatures = [...this.#gathered.signatures, ...outcome.signatures];
      } else if (outcome.kind === 'ahead' || outcome.kind === 'refused') await this.#lookInto(member);
    }
  }

  /** A witness that does not go along may have seen another history of this log: then its head shows it. */
  async #lookInto(member: DirectoryMember): Promise<void> {
    const { self, members, peerOf, files, alarms } = this.#options;
    const keys = ledgerKeys((await members.member(self)) ?? { id: self, keys: [] });
    const heads = await peerOf(member)
      .heads()
      .catch(() => []);
    const own = await files.latest();
    const seen = heads.find(({ origin }) => origin === self)?.checkpoint;
    const [theirs, ours] = [seen, own].map((note) =>
      note === undefined ? undefined : signedHead(note, self, keys),
    );
    if (theirs === undefined || ours === undefined) return;
    const found = theirs.size > ours.size ? 'rollback' : await compareHeads(theirs, ours, await files.view());
    if (found === 'same') return;
    await alarms.raise({
      kind: found === 'rollback' ? 'rollback' : 'fork',
      origin: self,
      source: member.id,
      first: theirs.note,
      second: ours.note,
    });
  }

  async #keep(latest: string, others: readonly DirectoryMember[]): Promise<void> {
    const note = addSignatures(parseNote(latest), this.#gathered.signatures);
    const nodes = others.filter(({ role }) => role === 'node').flatMap(witnessKeys);
    const count = new Set(nodes.map(({ name }) => name)).size;
    const needed = quorumSize(count, this.#options.quorum);
    try {
      verifyCheckpoint(note, quorumOf(needed, [await this.#options.ownKey()], nodes));
    } catch (error) {
      if (error instanceof TlogError && error.code === 'tlog/too-few-cosignatures') return;
      throw error;
    }
    await this.#options.withLog((log) => log.keepCosigned(note));
  }

  /** After a key was replaced, the latest head is signed anew: the directory will not have the old key for ever. */
  async #signedByCurrentKey(latest: string | undefined): Promise<string | undefined> {
    if (latest === undefined) return undefined;
    const key = await this.#options.ownKey();
    if (parseNote(latest).signatures.some(({ id, name }) => id === key.id && name === key.name))
      return latest;
    return await this.#options.withLog((log) => log.republish());
  }

  /** Cosignatures of the head that were kept before this server was started. */
  async #kept(text: string): Promise<readonly NoteSignature[]> {
    const kept = await this.#options.files.cosigned();
    const note = kept === undefined ? undefined : parseNote(kept);
    if (note === undefined || note.text !== text) return [];
    return note.signatures.filter(({ name }) => name !== this.#options.self);
  }

  #hasCosigned(member: DirectoryMember, text: string): boolean {
    const { signatures } = this.#gathered;
    if (signatures.length === 0) return false;
    try {
      return verifyNote({ text, signatures }, witnessKeys(member)).length > 0;
    } catch (error) {
      if (error instanceof TlogError) return false;
      throw error;
    }
  }
}
