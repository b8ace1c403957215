import type { Generated } from 'kysely';

/** Tables of the directory of members: its versions, what is proposed, and what this node promised. */
export interface DirectoryTables {
  /** One row: the network that the node is in, or wants into. */
  directory_network: { id: number; network: string; anchor: string; addresses: string };
  directory_version: {
    version: number | string;
    hash: string;
    issued_at: string;
    link: string;
    /** The content; null of a renewal that was followed by another version. */
    document: string | null;
  };
  directory_proposal: {
    id: string;
    proposal: string;
    state: string;
    expires_at: string;
    closed_at: string | null;
  };
  directory_vote: { proposal: string; member: string; vote: string };
  directory_attempt: { version: number | string; promised: string; accepted: string | null };
  directory_invitation: { secret_hash: string; expires_at: string; used_by: string | null };
  directory_fork: { version: number | string; hash: string; link: string; seen_at: string };
  directory_event: { sequence: Generated<number | string>; event: string };
}
