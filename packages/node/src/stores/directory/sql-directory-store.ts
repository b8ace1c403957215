import { type DirectoryDocument, type DirectoryLink, documentHash, nextDocument } from '@federome/core';
import { sql } from 'kysely';
import { NodeError } from '../../errors.ts';
import { oneOf } from '../database/columns.ts';
import type { SqlDatabase } from '../database/database.ts';
import type { Database } from '../database/tables.ts';
import { directoryCrypto } from './directory-crypto.ts';
import type {
  AttemptRow,
  DirectoryStore,
  ForkRow,
  InvitationRow,
  NetworkRow,
  ProposalRow,
  ProposalState,
  VersionRow,
} from './directory-store.ts';

const STATES: readonly ProposalState[] = ['open', 'applied', 'rejected', 'expired'];

/** The directory in the database of a node's records. */
export class SqlDirectoryStore implements DirectoryStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  get #read(): Database {
    return this.#database.read;
  }

  get #write(): Database {
    return this.#database.write;
  }

  transaction<T>(work: (store: DirectoryStore) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (database) => {
      // SQLite lets one write at a time anyhow. A promise must not be given beside another.
      if (database.flavour === 'postgres') {
        await sql`select pg_advisory_xact_lock(7330302)`.execute(database.write);
      }
      return await work(new SqlDirectoryStore(database));
    });
  }

  async network(): Promise<NetworkRow | undefined> {
    const row = await this.#read.selectFrom('directory_network').selectAll().executeTakeFirst();
    return row && { network: row.network, anchor: row.anchor, addresses: written(row.addresses) };
  }

  async putNetwork({ network, anchor, addresses }: NetworkRow): Promise<void> {
    const row = { network, anchor, addresses: JSON.stringify(addresses) };
    await this.#write
      .insertInto('directory_network')
      .values({ id: 1, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async head(): Promise<{ readonly version: number; readonly hash: string } | undefined> {
    const row = await this.#read
      .selectFrom('directory_version')
      .select(['version', 'hash'])
      .orderBy('version', 'desc')
      .executeTakeFirst();
    return row && { version: Number(row.version), hash: row.hash };
  }

  async version(version?: number): Promise<VersionRow | undefined> {
    let query = this.#read.selectFrom('directory_version').selectAll().orderBy('version', 'desc');
    if (version !== undefined) query = query.where('version', '=', version);
    const row = await query.executeTakeFirst();
    if (row === undefined) return undefined;
    const link = written<DirectoryLink>(row.link);
    const document =
      row.document === null
        ? await this.#recompose(link)
        : assertHash(written<DirectoryDocument>(row.document), row.hash);
    return { version: Number(row.version), hash: row.hash, link, document };
  }

  /** A renewal says nothing that the version before it does not, but its dates. */
  async #recompose(link: DirectoryLink): Promise<DirectoryDocument> {
    const before = await this.version(link.version - 1);
    if (before === undefined) throw damaged(link.version - 1);
    const changes = link.changes.map(({ proposal }) => proposal);
    return nextDocument(before.document, link.issuedAt, changes, directoryCrypto);
  }

  async links(version: number, limit: number): Promise<readonly DirectoryLink[]> {
    const rows = await this.#read
      .selectFrom('directory_version')
      .select('link')
      .where('version', '>', version)
      .orderBy('version')
      .limit(limit)
      .execute();
    return rows.map(({ link }) => written<DirectoryLink>(link));
  }

  async addVersion({ version, hash, link, document }: VersionRow): Promise<boolean> {
    return await this.#database.transaction(async ({ write }) => {
      const { numInsertedOrUpdatedRows: added } = await write
        .insertInto('directory_version')
        .values({
          version,
          hash,
          issued_at: link.issuedAt,
          link: JSON.stringify(link),
          document: JSON.stringify(document),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (added !== 1n) return false;
      await forgetRenewals(write, version);
      await write.deleteFrom('directory_attempt').where('version', '<=', version).execute();
      return true;
    });
  }

  async proposals(state?: ProposalState): Promise<readonly ProposalRow[]> {
    let query = this.#read.selectFrom('directory_proposal').selectAll().orderBy('expires_at').orderBy('id');
    if (state !== undefined) query = query.where('state', '=', state);
    return await Promise.all((await query.execute()).map((row) => this.#withVotes(row)));
  }

  async proposal(id: string): Promise<ProposalRow | undefined> {
    const row = await this.#read
      .selectFrom('directory_proposal')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && (await this.#withVotes(row));
  }

  async #withVotes(row: { id: string; proposal: string; state: string }): Promise<ProposalRow> {
    const votes = await this.#read
      .selectFrom('directory_vote')
      .select('vote')
      .where('proposal', '=', row.id)
      .orderBy('member')
      .execute();
    return {
      id: row.id,
      proposal: written(row.proposal),
      state: oneOf(STATES, row.state),
      votes: votes.map(({ vote }) => written(vote)),
    };
  }

  async addProposal(id: string, proposal: ProposalRow['proposal']): Promise<boolean> {
    const { numInsertedOrUpdatedRows: added } = await this.#write
      .insertInto('directory_proposal')
      .values({
        id,
        proposal: JSON.stringify(proposal),
        state: 'open',
        expires_at: proposal.proposal.expiresAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return added === 1n;
  }

  async closeProposal(id: string, state: Exclude<ProposalState, 'open'>, at: string): Promise<void> {
    await this.#write
      .updateTable('directory_proposal')
      .set({ state, closed_at: at })
      .where('id', '=', id)
      .execute();
  }

  async putVote(signed: ProposalRow['votes'][number]): Promise<void> {
    const vote = JSON.stringify(signed);
    await this.#write
      .insertInto('directory_vote')
      .values({ proposal: signed.vote.proposal, member: signed.signature.member, vote })
      .onConflict((conflict) => conflict.columns(['proposal', 'member']).doUpdateSet({ vote }))
      .execute();
  }

  async attempt(version: number): Promise<AttemptRow | undefined> {
    const row = await this.#read
      .selectFrom('directory_attempt')
      .selectAll()
      .where('version', '=', version)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const accepted = row.accepted === null ? undefined : row.accepted;
    return {
      version,
      promised: written(row.promised),
      accepted: accepted === undefined ? undefined : written(accepted),
    };
  }

  async putAttempt({ version, promised, accepted }: AttemptRow): Promise<void> {
    const row = {
      promised: JSON.stringify(promised),
      accepted: accepted === undefined ? null : JSON.stringify(accepted),
    };
    await this.#write
      .insertInto('directory_attempt')
      .values({ version, ...row })
      .onConflict((conflict) => conflict.column('version').doUpdateSet(row))
      .execute();
  }

  async addInvitation(secretHash: string, expiresAt: string): Promise<void> {
    await this.#write
      .insertInto('directory_invitation')
      .values({ secret_hash: secretHash, expires_at: expiresAt })
      .execute();
  }

  async invitation(secretHash: string): Promise<InvitationRow | undefined> {
    const row = await this.#read
      .selectFrom('directory_invitation')
      .selectAll()
      .where('secret_hash', '=', secretHash)
      .executeTakeFirst();
    return row && { secretHash, expiresAt: row.expires_at, usedBy: row.used_by ?? undefined };
  }

  async useInvitation(secretHash: string, use: string): Promise<boolean> {
    const { numUpdatedRows: used } = await this.#write
      .updateTable('directory_invitation')
      .set({ used_by: use })
      .where('secret_hash', '=', secretHash)
      .where((row) => row.or([row('used_by', 'is', null), row('used_by', '=', use)]))
      .executeTakeFirstOrThrow();
    return used === 1n;
  }

  async addFork({ version, hash, link, seenAt }: ForkRow): Promise<void> {
    await this.#write
      .insertInto('directory_fork')
      .values({ version, hash, link: JSON.stringify(link), seen_at: seenAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async forks(): Promise<readonly ForkRow[]> {
    const rows = await this.#read.selectFrom('directory_fork').selectAll().orderBy('version').execute();
    return rows.map(({ version, hash, link, seen_at: seenAt }) => ({
      version: Number(version),
      hash,
      link: written(link),
      seenAt,
    }));
  }

  async events(limit: number) {
    const rows = await this.#read
      .selectFrom('directory_event')
      .selectAll()
      .orderBy('sequence')
      .limit(limit)
      .execute();
    return rows.map(({ sequence, event }) => ({
      sequence: Number(sequence),
      event: written<Parameters<DirectoryStore['addEvent']>[0]>(event),
    }));
  }

  async addEvent(event: Parameters<DirectoryStore['addEvent']>[0]): Promise<void> {
    await this.#write
      .insertInto('directory_event')
      .values({ event: JSON.stringify(event) })
      .execute();
  }

  async removeEvent(sequence: number): Promise<void> {
    await this.#write.deleteFrom('directory_event').where('sequence', '=', sequence).execute();
  }

  async forgetBefore(at: string): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      const closed = write.selectFrom('directory_proposal').select('id').where('closed_at', '<', at);
      await write.deleteFrom('directory_vote').where('proposal', 'in', closed).execute();
      await write.deleteFrom('directory_proposal').where('closed_at', '<', at).execute();
      await write.deleteFrom('directory_invitation').where('expires_at', '<', at).execute();
    });
  }
}

/** Before `version`, the content of renewals goes; that of version 1 and of every version with changes stays. */
async function forgetRenewals(db: Database, version: number): Promise<void> {
  const before = await db
    .selectFrom('directory_version')
    .select('link')
    .where('version', '=', version - 1)
    .executeTakeFirst();
  if (before === undefined || version === 2) return;
  if (written<DirectoryLink>(before.link).changes.length > 0) return;
  await db
    .updateTable('directory_version')
    .set({ document: null })
    .where('version', '=', version - 1)
    .execute();
}

/** What this store wrote itself, of values that had passed their checks. */
function written<T>(json: string): T {
  return JSON.parse(json) as T;
}

function assertHash(document: DirectoryDocument, hash: string): DirectoryDocument {
  if (documentHash(document, directoryCrypto) !== hash) throw damaged(document.version);
  return document;
}

function damaged(version: number): NodeError {
  return new NodeError('node/store', `version ${version} of the directory is not what was stored`, {
    publicMessage: 'the directory of members is damaged',
  });
}
