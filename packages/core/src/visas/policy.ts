import type { Identity } from '../access/requester.ts';
import type { VisaBy, VisaType } from './accepted-visa.ts';
import type { VisaClaims } from './claims.ts';
import { Refusal } from './report.ts';

/** Who may sign visas, and what of that is believed. */
export interface TrustedIssuer {
  /** `iss`, exact. */
  readonly issuer: string;
  /** `jku`, exact: the pair is what is trusted. */
  readonly jku: string;
  readonly types: readonly VisaType[];
  /** Who may be named as source, exact. */
  readonly sources: readonly string[];
  /** The member of the network that this is; only it may grant access to its own datasets. */
  readonly member?: string | undefined;
  /** Whose subjects its `sub` are: of the claim in each visa (members), or of one identity provider. */
  readonly subjectsOf: { readonly kind: 'claim' } | { readonly kind: 'issuer'; readonly issuer: string };
  /** Whether the typ `JWT` is taken, of before AAI 1.2. */
  readonly legacyType: boolean;
  /** Seconds after `iat` until which a visa counts, however long it says it lives. */
  readonly maximumAgeS: number;
}

/** By which authority each type must be said to be asserted. */
export const AUTHORITIES_OF: Readonly<Record<VisaType, readonly VisaBy[]>> = {
  ControlledAccessGrants: ['dac'],
  ResearcherStatus: ['so', 'system'],
  AffiliationAndRole: ['so', 'system'],
  AcceptedTermsAndPolicies: ['self', 'so', 'system'],
  LinkedIdentities: ['system', 'so'],
};

/** Seconds by which a clock of somebody else may be ahead; what has expired gets none. */
export const CLOCK_SKEW_S = 60;

const DATASET = /^urn:federome:([A-Za-z0-9][A-Za-z0-9._-]{0,99}):dataset:[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The member whose dataset a value names; `undefined` where it names none of the network. */
export function holderOf(value: string): string | undefined {
  return DATASET.exec(value)?.[1];
}

/** The one trusted pair of `iss` and `jku`. Throws `Refusal`. */
export function trustedIssuer(
  issuers: readonly TrustedIssuer[],
  issuer: string,
  jku: string | undefined,
): TrustedIssuer {
  const named = issuers.filter((each) => each.issuer === issuer);
  if (named.length === 0)
    throw new Refusal('untrusted-issuer', 'nobody of this name is trusted to sign visas');
  if (jku === undefined) throw new Refusal('missing-jku', 'the header does not say where the keys are');
  const found = named.find((each) => each.jku === jku);
  if (found === undefined) throw new Refusal('wrong-jku', 'the keys of this issuer are elsewhere');
  return found;
}

/** When it counts. Gives the instant at which it ends, in seconds since 1970. Throws `Refusal`. */
export function checkTime(
  claims: Pick<VisaClaims, 'issuedAt' | 'expires' | 'notBefore'>,
  nowS: number,
  maximumAgeS: number,
): number {
  if (claims.expires <= nowS) throw new Refusal('expired', 'it has expired');
  if (claims.issuedAt > nowS + CLOCK_SKEW_S)
    throw new Refusal('issued-in-future', 'it is issued in the future');
  if ((claims.notBefore ?? 0) > nowS + CLOCK_SKEW_S)
    throw new Refusal('not-yet-valid', 'it is not valid yet');
  const latest = claims.issuedAt + maximumAgeS;
  if (latest <= nowS) throw new Refusal('too-old', `it was issued more than ${maximumAgeS} s ago`);
  return Math.min(claims.expires, latest);
}

/** Whether this issuer may say this, and by whose authority. Throws `Refusal`. */
export function checkAssertion(claims: VisaClaims, trusted: TrustedIssuer, nowS: number): void {
  if (!trusted.types.includes(claims.type)) {
    throw new Refusal('type-not-allowed', `this issuer is not trusted for ${claims.type}`);
  }
  if (claims.type === 'ControlledAccessGrants') checkHolder(claims.value, trusted);
  if (claims.by === undefined) throw new Refusal('missing-by', 'it does not say by whose authority');
  if (!AUTHORITIES_OF[claims.type].includes(claims.by)) {
    throw new Refusal('untrusted-by', `${claims.type} by ${claims.by} is not believed`);
  }
  if (!trusted.sources.includes(claims.source)) {
    throw new Refusal('untrusted-source', 'this issuer is not trusted to speak for that source');
  }
  if (claims.asserted > nowS + CLOCK_SKEW_S) {
    throw new Refusal('asserted-in-future', 'it is asserted in the future');
  }
}

/** Only the holder opens the door: no hub, no other country, no outside service. */
function checkHolder(value: string, { member }: TrustedIssuer): void {
  const holder = holderOf(value);
  if (holder === member) return;
  throw new Refusal('not-the-holder', 'the dataset is not of whoever signed');
}

/** The person whom a visa is about. Throws `Refusal`. */
export function identityOf(claims: VisaClaims, { subjectsOf }: TrustedIssuer): Identity {
  if (subjectsOf.kind === 'issuer') return { issuer: subjectsOf.issuer, subject: claims.subject };
  if (claims.subjectIssuer === undefined) {
    throw new Refusal('missing-claim', 'it does not say whose subject this is');
  }
  return { issuer: claims.subjectIssuer, subject: claims.subject };
}
