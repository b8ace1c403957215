/**
 * What a person may be at a node or hub. Roles come from that node's own records, never from the hub or an identity
 * provider, and are looked up at the time of the operation.
 */
export const ROLES = [
  /** Runs the node: people and roles, members, keys, audit. */
  'operator',
  /** Keeps a dataset; may veto any access to it. */
  'data-holder',
  /** Decides on applications for the node's own data (of a hub: recommends). */
  'dac-member',
  /** Reads the audit and verifies the ledger; changes nothing. */
  'auditor',
  /** Vouches for the people of an organisation, and signs for it. */
  'signing-official',
  /** Asks and analyses: a researcher, clinician, policy maker or quality manager. */
  'data-user',
  /** Whose genome it is. */
  'citizen',
] as const;

export type Role = (typeof ROLES)[number];

/** Whether text names a role. */
export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}
