import { randomBytes } from 'node:crypto';
import { DISCLOSURE_FLOOR, type LedgerEvent } from '@federome/core';
import { onTestFinished } from 'vitest';
import { NodeError } from '../../packages/node/src/errors.ts';
import { DirectoryService } from '../../packages/node/src/services/directory/directory-service.ts';
import { DirectoryMembers } from '../../packages/node/src/services/directory/members.ts';
import type { DirectoryPeer } from '../../packages/node/src/services/directory/peer.ts';
import { openSqlite } from '../../packages/node/src/stores/database/database.ts';
import { SqlDirectoryStore } from '../../packages/node/src/stores/directory/sql-directory-store.ts';
import { MemoryKeys } from './memory-keys.ts';
import { temporaryDirectory } from './temporary.ts';

/** A member that a test plays with: its directory service over a database of its own. */
export interface DirectoryMemberUnderTest {
  readonly id: string;
  readonly url: string;
  readonly service: DirectoryService;
  readonly members: DirectoryMembers;
  readonly store: SqlDirectoryStore;
  readonly keys: MemoryKeys;
  /** What its ledger got. */
  readonly events: LedgerEvent[];
}

/** A clock, a wire that can be cut, and members that talk over it in this process. */
export class DirectoryNetwork {
  nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  /** Ids of members that nobody reaches. */
  readonly stopped = new Set<string>();
  /** Whose clocks go otherwise, and by how much. */
  readonly skewMs = new Map<string, number>();
  /** Members of different numbers do not reach each other; all have 0 unless said otherwise. */
  readonly side = new Map<string, number>();
  /** What becomes of each message: it may be lost on its way, or its answer may. */
  fate: () => 'arrives' | 'lost' | 'answer lost' = () => 'arrives';
  readonly #members = new Map<string, DirectoryMemberUnderTest>();

  async add(id: string, role: 'node' | 'hub' = 'node'): Promise<DirectoryMemberUnderTest> {
    const database = await openSqlite(`${await temporaryDirectory()}/records.sqlite`);
    onTestFinished(() => database.close());
    const url = `https://${id}.example/`;
    const store = new SqlDirectoryStore(database);
    const keys = new MemoryKeys();
    const events: LedgerEvent[] = [];
    const now = () => new Date(this.nowMs + (this.skewMs.get(id) ?? 0));
    const identity = { id, name: `Node ${id}`, country: 'EE', role, disclosure: DISCLOSURE_FLOOR };
    const service = new DirectoryService({
      self: id,
      identity,
      store,
      keys,
      now,
      randomBytes,
      ledger: { record: async (event) => events.push(event) - 1 },
      peerAt: (to) => this.#peer(id, to),
      openStores: async () => 'none',
      idAt: async () => id,
      pause: async () => {},
    });
    const members = new DirectoryMembers({ store, now });
    const member = { id, url, service, members, store, keys, events };
    this.#members.set(url, member);
    return member;
  }

  /** A network in which the first founded, and every other one was voted in. */
  async of(nodes: readonly string[], hub?: string): Promise<readonly DirectoryMemberUnderTest[]> {
    const [first, ...others] = await Promise.all(nodes.map((id) => this.add(id)));
    if (first === undefined) throw new Error('a network has a founder');
    await first.service.found({ network: 'net', url: first.url, dpia: 'DPIA 1' });
    const rest = hub === undefined ? others : [...others, await this.add(hub, 'hub')];
    const proposals: string[] = [];
    for (const member of rest) proposals.push(await this.join(member, first));
    if (proposals.length > 0) await first.service.vote(proposals, 'for');
    for (const member of rest) await member.service.refresh();
    return [first, ...rest];
  }

  async join(member: DirectoryMemberUnderTest, inviter: DirectoryMemberUnderTest): Promise<string> {
    const token = await inviter.service.invite();
    const options = { url: member.url, dpia: 'DPIA' };
    const checks = await member.service.selfCheck(options, token);
    return await member.service.join(token, { ...options, checks });
  }

  #peer(from: string, url: string): DirectoryPeer {
    const reach = <T>(work: (service: DirectoryService) => Promise<T>): Promise<T> => {
      const to = this.#members.get(url);
      const apart = (this.side.get(from) ?? 0) !== (this.side.get(to?.id ?? '') ?? 0);
      if (to === undefined || apart || this.stopped.has(to.id) || this.stopped.has(from)) {
        throw new NodeError('node/directory-unreachable', `${url} is away`);
      }
      return work(to.service);
    };
    const ask = async <T>(work: (service: DirectoryService) => Promise<T>) => {
      const fate = this.fate();
      if (fate === 'lost') throw new NodeError('node/directory-unreachable', 'the message was lost');
      // Others get their turn, as they would over a network.
      await new Promise((resolve) => setImmediate(resolve));
      const answer = structuredClone(await reach(work));
      if (fate === 'answer lost') throw new NodeError('node/directory-unreachable', 'the answer was lost');
      return answer;
    };
    return {
      url,
      chain: (after) => ask((service) => service.chain(after)),
      proposals: () => ask((service) => service.openProposals()),
      sendVersion: (link) => ask((service) => service.receiveVersion(link)),
      sendProposal: (proposal) => ask((service) => service.receiveProposal(proposal)),
      sendVote: (vote) => ask((service) => service.receiveVote(vote)),
      promise: (request) => ask((service) => service.promise(request)),
      sign: (request) => ask((service) => service.sign(request)),
      join: (request) => ask((service) => service.receiveJoin(request)),
    };
  }
}
