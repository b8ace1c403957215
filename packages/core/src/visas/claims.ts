import type { Json } from '../ledger/event.ts';
import { VISA_TYPES, type VisaBy, type VisaType } from './accepted-visa.ts';
import { isObject, type JsonObject } from './compact-token.ts';
import { type Conditions, readConditions } from './conditions.ts';
import { readLinkedIdentities } from './linked-identities.ts';
import { Refusal } from './report.ts';

/** Longest tokens that are read, in characters, and how many visas a passport may hold. */
export const TOKEN_LIMITS = { visa: 16_384, passport: 262_144, visas: 100 } as const;

/** `iss`, `sub`, `iat`, `exp`, `nbf`, `jti` of a token; instants in seconds since 1970. */
export interface RegisteredClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly issuedAt: number;
  readonly expires: number;
  readonly notBefore: number | undefined;
  readonly id: string;
}

/** What a visa says, well-formed and not yet believed (`ga4gh_visa_v1` of Passport 1.2). */
export interface VisaClaims extends RegisteredClaims {
  readonly type: VisaType;
  readonly asserted: number;
  readonly value: string;
  readonly source: string;
  readonly by: VisaBy | undefined;
  readonly conditions: Conditions;
  /** Whose subject `sub` is, in visas that members of a network issue; see docs/passports.md. */
  readonly subjectIssuer: string | undefined;
}

/** What a passport says, well-formed and not yet believed. */
export interface PassportClaims extends RegisteredClaims {
  readonly audience: readonly string[];
  readonly visas: readonly string[];
}

/** Name of the private claim that says whose subject `sub` is. */
export const SUBJECT_ISSUER_CLAIM = 'federome_subject_issuer';

const BY: readonly VisaBy[] = ['self', 'peer', 'system', 'so', 'dac'];
const MAXIMUM_URL = 255;
const MAXIMUM_VALUE = 2_000;
const MAXIMUM_AUDIENCES = 50;

/** Throws `Refusal`. */
export function readVisaClaims(payload: JsonObject): VisaClaims {
  const visa = payload.ga4gh_visa_v1;
  if (visa === undefined) throw new Refusal('missing-claim', 'there is no ga4gh_visa_v1');
  if (!isObject(visa)) throw malformed('ga4gh_visa_v1 is no object');
  const named = text(visa.type, 'type', MAXIMUM_URL);
  const type = VISA_TYPES.find((each) => each === named);
  if (type === undefined) throw new Refusal('unknown-visa-type', 'not one of the five types of Passport 1.2');
  const subjectIssuer = payload[SUBJECT_ISSUER_CLAIM];
  if (type === 'LinkedIdentities' && typeof visa.value === 'string') readLinkedIdentities(visa.value);
  return {
    ...readRegistered(payload),
    type,
    asserted: instant(visa.asserted, 'asserted'),
    value: text(visa.value, 'value', type === 'LinkedIdentities' ? MAXIMUM_VALUE : MAXIMUM_URL),
    source: text(visa.source, 'source', MAXIMUM_URL),
    by: readBy(visa.by),
    conditions: readConditions(visa.conditions),
    subjectIssuer:
      subjectIssuer === undefined ? undefined : text(subjectIssuer, SUBJECT_ISSUER_CLAIM, MAXIMUM_URL),
  };
}

/** Throws `Refusal`. */
export function readPassportClaims(payload: JsonObject): PassportClaims {
  return {
    ...readRegistered(payload),
    audience: readAudience(payload.aud),
    visas: readVisaList(payload.ga4gh_passport_v1),
  };
}

/** The visas of a passport, or of the claim `ga4gh_passport_v1` that a userinfo endpoint gave. Throws `Refusal`. */
export function readVisaList(value: Json | undefined): readonly string[] {
  if (value === undefined) throw new Refusal('missing-claim', 'there is no ga4gh_passport_v1');
  if (!Array.isArray(value)) throw malformed('ga4gh_passport_v1 is no list');
  if (value.length > TOKEN_LIMITS.visas) {
    throw new Refusal('too-many-visas', `more than ${TOKEN_LIMITS.visas} visas`);
  }
  return value.map((each) => {
    if (typeof each !== 'string') throw malformed('ga4gh_passport_v1 holds something that is no text');
    return each;
  });
}

function readRegistered(payload: JsonObject): RegisteredClaims {
  return {
    issuer: text(payload.iss, 'iss', MAXIMUM_URL),
    subject: text(payload.sub, 'sub', MAXIMUM_URL),
    issuedAt: instant(payload.iat, 'iat'),
    expires: instant(payload.exp, 'exp'),
    notBefore: payload.nbf === undefined ? undefined : instant(payload.nbf, 'nbf'),
    id: text(payload.jti, 'jti', MAXIMUM_URL),
  };
}

function readBy(value: Json | undefined): VisaBy | undefined {
  if (value === undefined) return undefined;
  const by = BY.find((each) => each === value);
  if (by === undefined) throw malformed('by is not one of the values of Passport 1.2');
  return by;
}

function readAudience(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value : [value];
  if (list.length > MAXIMUM_AUDIENCES) throw malformed('aud names too many');
  return list.map((each) => text(each, 'aud', MAXIMUM_URL));
}

function text(value: Json | undefined, name: string, maximum: number): string {
  if (value === undefined) throw new Refusal('missing-claim', `there is no ${name}`);
  if (typeof value !== 'string' || value === '') throw malformed(`${name} is no text`);
  if (value.length > maximum) throw new Refusal('too-long', `${name} is longer than ${maximum} characters`);
  if (/\p{Cc}/u.test(value)) throw malformed(`${name} holds a control character`);
  return value;
}

/** NumericDate of RFC 7519 in whole or broken seconds; nobody's visa is of before 1970 or after the year 9999. */
function instant(value: Json | undefined, name: string): number {
  if (value === undefined) throw new Refusal('missing-claim', `there is no ${name}`);
  if (typeof value !== 'number' || value < 0 || value > 253_402_300_799) {
    throw malformed(`${name} is no number of seconds since 1970`);
  }
  return value;
}

function malformed(why: string): Refusal {
  return new Refusal('malformed-claim', why);
}
