import type { Identity } from '../access/requester.ts';
import { Refusal } from './report.ts';

const MAXIMUM_IDENTITIES = 20;

/**
 * The identities of a `LinkedIdentities` visa: `<percent-encoded sub>,<percent-encoded iss>` with semicolons between
 * (Passport 1.2). Throws `Refusal`.
 */
export function readLinkedIdentities(value: string): readonly Identity[] {
  const entries = value.split(';');
  if (entries.length > MAXIMUM_IDENTITIES) throw malformed(`more than ${MAXIMUM_IDENTITIES} identities`);
  return entries.map((entry) => {
    const [subject, issuer, ...rest] = entry.split(',').map(decoded);
    if (subject === undefined || issuer === undefined || rest.length > 0 || subject === '' || issuer === '') {
      throw malformed('an entry is not a subject and an issuer with a comma between');
    }
    return { issuer, subject };
  });
}

/** Inverse of `readLinkedIdentities`. */
export function writeLinkedIdentities(identities: readonly Identity[]): string {
  return identities
    .map(({ issuer, subject }) => `${encodeURIComponent(subject)},${encodeURIComponent(issuer)}`)
    .join(';');
}

/** A link that is believed: all of its identities are one person. */
export interface IdentityLink {
  readonly identities: readonly Identity[];
}

/** Whoever an identity is by way of links that are believed, and which of them it took. */
export function linkedTo<Link extends IdentityLink>(
  identity: Identity,
  links: readonly Link[],
): { readonly identities: readonly Identity[]; readonly used: readonly Link[] } {
  const known = new Map([[identityKey(identity), identity]]);
  const used = new Set<Link>();
  for (let before = -1; before !== used.size; ) {
    before = used.size;
    for (const link of links) {
      if (used.has(link) || !link.identities.some((each) => known.has(identityKey(each)))) continue;
      used.add(link);
      for (const each of link.identities) known.set(identityKey(each), each);
    }
  }
  return { identities: [...known.values()], used: [...used] };
}

/** One text for each identity, exact to the character. */
export function identityKey({ issuer, subject }: Identity): string {
  return JSON.stringify([issuer, subject]);
}

/** Whether two identities are the same, exact to the character. */
export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.issuer === b.issuer && a.subject === b.subject;
}

function decoded(text: string): string {
  let value: string;
  try {
    value = decodeURIComponent(text);
  } catch {
    throw malformed('an entry is not percent-encoded');
  }
  if (/\s/.test(text)) throw malformed('an entry has white space');
  return value;
}

function malformed(why: string): Refusal {
  return new Refusal('malformed-claim', `linked identities: ${why}`);
}
