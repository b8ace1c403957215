import type { Identity } from '../../composition/identity.ts';
import type { ServedIdentity } from '../../services/identity/identity-service.ts';

/** What the routes of people and sessions stand on. */
export interface IdentityRoutesOptions {
  readonly identity: Identity;
  /** What logs people in; made by the first call. */
  readonly served: () => Promise<ServedIdentity>;
  readonly url: () => string;
}
