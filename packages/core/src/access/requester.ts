import type { AcceptedVisa } from '../visas/accepted-visa.ts';
import type { Role } from './roles.ts';

/** A person or client as their identity provider names them; only both together are unique. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** Who asks, as the edge established it: what may be answered follows from this alone. */
export type Requester =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'person';
      readonly identity: Identity;
      /** At this node, now. */
      readonly roles: readonly Role[];
      /** Visas that passed every check, of this person; none has expired. */
      readonly visas: readonly AcceptedVisa[];
      /** The member that passed the question on, where it came through one. */
      readonly through?: string | undefined;
    }
  | { readonly kind: 'machine'; readonly identity: Identity; readonly roles: readonly Role[] }
  /** Another member of the network, on its own behalf; `member` is its id in the directory. */
  | { readonly kind: 'member'; readonly member: string };

export const ANONYMOUS: Requester = { kind: 'anonymous' };

/**
 * Roles with which somebody may act on this node itself: none of a member, nor of a person for whom another member speaks,
 * which could do it without them.
 */
export function actingRoles(requester: Requester): readonly Role[] {
  if (requester.kind === 'machine') return requester.roles;
  return requester.kind === 'person' && requester.through === undefined ? requester.roles : [];
}
