import { type Migration, serialOf, texts } from './schema.ts';

/** The directory of members: versions, proposals and votes, promises, invitations, evidence of forks, events to tell. */
export const createDirectory: Migration = async (db, flavour) => {
  await db.schema
    .createTable('directory_network')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .$call(texts('network', 'anchor', 'addresses'))
    .execute();
  await db.schema
    .createTable('directory_version')
    .addColumn('version', 'bigint', (column) => column.primaryKey())
    .$call(texts('hash', 'issued_at', 'link'))
    .addColumn('document', 'text')
    .execute();
  await db.schema
    .createTable('directory_proposal')
    .$call(texts('id', 'proposal', 'state', 'expires_at'))
    .addColumn('closed_at', 'text')
    .addPrimaryKeyConstraint('directory_proposal_key', ['id'])
    .execute();
  await db.schema
    .createTable('directory_vote')
    .$call(texts('proposal', 'member', 'vote'))
    .addPrimaryKeyConstraint('directory_vote_key', ['proposal', 'member'])
    .execute();
  await db.schema
    .createTable('directory_attempt')
    .addColumn('version', 'bigint', (column) => column.primaryKey())
    .$call(texts('promised'))
    .addColumn('accepted', 'text')
    .execute();
  await db.schema
    .createTable('directory_invitation')
    .$call(texts('secret_hash', 'expires_at'))
    .addColumn('used_by', 'text')
    .addPrimaryKeyConstraint('directory_invitation_key', ['secret_hash'])
    .execute();
  await db.schema
    .createTable('directory_fork')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .$call(texts('hash', 'link', 'seen_at'))
    .addPrimaryKeyConstraint('directory_fork_key', ['version', 'hash'])
    .execute();
  await db.schema
    .createTable('directory_event')
    .addColumn('sequence', serialOf(flavour))
    .$call(texts('event'))
    .execute();
};
