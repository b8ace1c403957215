import type { Identity } from '../access/requester.ts';
import type { AcceptedVisa, VisaBy } from './accepted-visa.ts';
import type { VisaClaims } from './claims.ts';
import { metBy } from './conditions.ts';
import { type IdentityLink, identityKey, linkedTo, readLinkedIdentities } from './linked-identities.ts';
import { type CheckList, Refusal } from './report.ts';

/** A visa that holds by itself: whose it is and whether its conditions are met is left to be decided. */
export interface SoundVisa {
  readonly claims: VisaClaims & { readonly by: VisaBy };
  readonly identity: Identity;
  /** Seconds since 1970: the end of what it rests on so far. */
  readonly expires: number;
  readonly checks: CheckList;
}

interface VisaLink extends IdentityLink {
  readonly visa: SoundVisa;
}

/**
 * Decides together what cannot be decided of one visa alone: that all are of `identity`, by links that are believed where
 * they are of another, and that conditions are met by unconditional visas that are themselves accepted. `expires` bounds
 * every visa (the passport's own end).
 */
export function judgeVisas(
  identity: Identity,
  sound: readonly SoundVisa[],
  expires: number,
): readonly AcceptedVisa[] {
  const links = linksOf(sound);
  const { identities, used } = linkedTo(identity, links);
  const known = new Set(identities.map(identityKey));
  const linkEnd = Math.min(...used.map(({ visa }) => visa.expires), Number.POSITIVE_INFINITY);
  const own = sound.filter(({ checks, identity: of }) => {
    checks.run('subject', () => {
      if (!known.has(identityKey(of))) throw new Refusal('unlinked-subject', 'it is about somebody else');
    });
    return checks.passed;
  });
  const endOf = (visa: SoundVisa) => {
    const isLinked = identityKey(visa.identity) !== identityKey(identity);
    return Math.min(visa.expires, expires, isLinked ? linkEnd : Number.POSITIVE_INFINITY);
  };
  const free = own.filter(({ claims }) => claims.conditions.length === 0);
  const offered = free.map((visa) => accepted(visa, endOf(visa)));
  return own.flatMap((visa) => {
    const needed = visa.checks.run('conditions', () => {
      const met = metBy(visa.claims.conditions, offered);
      if (met === undefined)
        throw new Refusal('unmet-condition', 'no visas of this passport meet its conditions');
      return met;
    });
    if (needed === undefined) return [];
    return [accepted(visa, Math.min(endOf(visa), ...needed.map((each) => each.expires)))];
  });
}

/** A link that has conditions links nothing: whose visas may meet them would depend on itself. */
function linksOf(sound: readonly SoundVisa[]): readonly VisaLink[] {
  const links = sound.filter(
    ({ claims }) => claims.type === 'LinkedIdentities' && claims.conditions.length === 0,
  );
  return links.map((visa) => ({
    visa,
    identities: [visa.identity, ...readLinkedIdentities(visa.claims.value)],
  }));
}

function accepted({ claims }: SoundVisa, expires: number): AcceptedVisa {
  const { type, value, source, by, asserted, issuer, subject, id } = claims;
  return { type, value, source, by, asserted, issuer, subject, id, expires };
}
