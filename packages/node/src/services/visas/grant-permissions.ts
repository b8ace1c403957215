import { type Identity, type Role, sameIdentity, type VisaBy, type VisaType } from '@federome/core';
import { NodeError } from '../../errors.ts';

/** Who grants or revokes: a person with the roles that this node's records give them now, or the node by itself. */
export type Granter =
  | { readonly kind: 'person'; readonly identity: Identity; readonly roles: readonly Role[] }
  | { readonly kind: 'system' };

/** By which authority each role may say each type; whatever is not listed it may not say. */
const AUTHORITY: Readonly<Record<VisaType, Readonly<Partial<Record<Role, VisaBy>>>>> = {
  ControlledAccessGrants: { 'dac-member': 'dac', 'data-holder': 'dac' },
  ResearcherStatus: { 'signing-official': 'so' },
  AffiliationAndRole: { 'signing-official': 'so' },
  AcceptedTermsAndPolicies: { 'signing-official': 'so' },
  LinkedIdentities: {},
};

/** What the node may say by itself: that one person logged in as both, what their home organisation told, what they accepted. */
const SYSTEM_TYPES: readonly VisaType[] = [
  'LinkedIdentities',
  'AffiliationAndRole',
  'ResearcherStatus',
  'AcceptedTermsAndPolicies',
];

/**
 * The authority by which somebody may make a grant. An operator may not as such, since who runs the machine does not decide
 * on data; nobody may for themselves but accept terms; links are the login's to make. Throws `node/forbidden`.
 */
export function authorityFor(granter: Granter, type: VisaType, about: Identity): VisaBy {
  if (granter.kind === 'system') {
    if (SYSTEM_TYPES.includes(type)) return 'system';
    throw forbidden('access to data is granted by people');
  }
  const isOwn = sameIdentity(granter.identity, about);
  if (isOwn && type === 'AcceptedTermsAndPolicies') return 'self';
  const by = granter.roles.map((role) => AUTHORITY[type][role]).find((each) => each !== undefined);
  if (by === undefined) {
    const roles = Object.keys(AUTHORITY[type]);
    throw forbidden(`${type} is granted by ${roles.length === 0 ? 'nobody by hand' : roles.join(' or ')}`);
  }
  if (isOwn) throw forbidden('nobody grants to themselves');
  return by;
}

/** Taking back is nobody's privilege: whoever may grant it, and the operator in an emergency. Throws `node/forbidden`. */
export function assertMayRevoke(granter: Granter, type: VisaType, about: Identity): void {
  if (granter.kind === 'system' || granter.roles.includes('operator')) return;
  if (sameIdentity(granter.identity, about)) return;
  if (granter.roles.some((role) => AUTHORITY[type][role] !== undefined)) return;
  throw forbidden(`${type} is revoked by whoever may grant it, the operator, or the person`);
}

/** Who may see the grants of anybody. Throws `node/forbidden`. */
export function assertMayList(granter: Granter): void {
  if (granter.kind === 'system') return;
  const readers: readonly Role[] = ['operator', 'auditor', 'dac-member', 'data-holder', 'signing-official'];
  if (granter.roles.some((role) => readers.includes(role))) return;
  throw forbidden('grants of others are seen by those who decide on them, the operator and the auditor');
}

function forbidden(why: string): NodeError {
  return new NodeError('node/forbidden', why);
}
