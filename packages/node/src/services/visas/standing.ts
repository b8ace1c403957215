import {
  type AcceptedVisa,
  CheckList,
  type Identity,
  identityKey,
  judgeVisas,
  readConditions,
  readLinkedIdentities,
  type SoundVisa,
} from '@federome/core';
import type { Grant, GrantStore } from '../../stores/grants/grant-store.ts';

/** As long as the knowledge of others' revocations lasts; see `RevocationWatch`. */
const LIFE_S = 50;
const MAXIMUM_IDENTITIES = 20;

/**
 * What this node's own grants say of somebody now, as if their visas had been issued and verified: for a person with a
 * session here, who needs no visa from the node to the node. Links and conditions are followed within these grants.
 */
export async function standingVisas(
  identity: Identity,
  { store, issuer, now }: { readonly store: GrantStore; readonly issuer: string; readonly now: Date },
): Promise<readonly AcceptedVisa[]> {
  const nowS = now.getTime() / 1_000;
  const sound: SoundVisa[] = [];
  const known = new Map([[identityKey(identity), identity]]);
  for (const each of known.values()) {
    for (const grant of await store.grants({ identity: each })) {
      if (!stands(grant, now.toISOString())) continue;
      sound.push(soundVisa(grant, issuer, nowS));
      const linked = grant.type === 'LinkedIdentities' ? readLinkedIdentities(grant.value) : [];
      for (const other of linked) if (known.size < MAXIMUM_IDENTITIES) known.set(identityKey(other), other);
    }
  }
  return judgeVisas(identity, sound, nowS + LIFE_S);
}

/** Whether visas of a grant may be issued at an instant. */
export function stands({ from, until, revokedAt }: Grant, at: string): boolean {
  return from <= at && at < until && revokedAt === undefined;
}

function soundVisa(grant: Grant, issuer: string, nowS: number): SoundVisa {
  const expires = Date.parse(grant.until) / 1_000;
  const { id, identity, type, value, source, by, conditions } = grant;
  const asserted = Date.parse(grant.grantedAt) / 1_000;
  return {
    identity,
    expires,
    checks: new CheckList(),
    claims: {
      id,
      issuer,
      subject: identity.subject,
      subjectIssuer: identity.issuer,
      issuedAt: nowS,
      expires,
      notBefore: undefined,
      type,
      value,
      source,
      by,
      asserted,
      conditions: readConditions(conditions),
    },
  };
}
