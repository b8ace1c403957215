import type { Json } from '../ledger/event.ts';
import { Refusal } from './report.ts';
import { readStrictJson } from './strict-json.ts';

/** A JSON object of a token. */
export type JsonObject = { readonly [key: string]: Json };

/** A JWS in its compact form (RFC 7515, section 7.1), read and not yet believed. */
export interface CompactToken {
  readonly text: string;
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** The algorithms of GA4GH AAI 1.2 that Federome takes. */
export type TokenAlgorithm = 'ES256' | 'RS256';

/** What a header says that passed its check. */
export interface TokenHeader {
  readonly algorithm: TokenAlgorithm;
  readonly kid: string;
  readonly jku: string | undefined;
}

/** Types of tokens (RFC 9068-like explicit typing; GA4GH AAI 1.2). */
export const VISA_TOKEN_TYPE = 'vnd.ga4gh.visa+jwt';
export const PASSPORT_TOKEN_TYPE = 'vnd.ga4gh.passport+jwt';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));
const MAXIMUM_KID = 200;
const MAXIMUM_URL = 255;

/**
 * Reads a token of at most `maximumLength` characters: three parts, each in the one base64url form of its bytes, header and
 * payload as JSON objects in UTF-8. Throws `Refusal`.
 */
export function readCompactToken(text: string, maximumLength: number): CompactToken {
  if (text.length > maximumLength) {
    throw new Refusal('too-long', `the token is longer than ${maximumLength} characters`);
  }
  const parts = text.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || parts.some((part) => part === '')) {
    throw new Refusal('not-compact', 'a token has three parts with dots between, none of them empty');
  }
  fromBase64url(signature);
  return { text, header: objectOf(header), payload: objectOf(payload) };
}

/**
 * Holds a header to what this kind of token has. `legacyType` takes the `JWT` of visas before AAI 1.2 too. Keys that a
 * header brings along (`jwk`, `x5c`, `x5u`) are not looked at. Throws `Refusal`.
 */
export function checkHeader(
  header: JsonObject,
  type: string,
  options: { readonly legacyType?: boolean | undefined } = {},
): TokenHeader {
  if (header.crit !== undefined || header.b64 !== undefined) {
    throw new Refusal('critical-header', 'the header asks for an extension of JWS, and none is taken');
  }
  const { alg, kid, jku } = header;
  if (alg !== 'ES256' && alg !== 'RS256') {
    throw new Refusal('unsupported-algorithm', 'the algorithm is neither ES256 nor RS256');
  }
  const isType = header.typ === type || (options.legacyType === true && header.typ === 'JWT');
  if (!isType) throw new Refusal('wrong-type', `the header’s typ is not ${type}`);
  if (kid === undefined) throw new Refusal('missing-kid', 'the header names no key');
  if (typeof kid !== 'string' || kid === '' || kid.length > MAXIMUM_KID) {
    throw new Refusal('malformed-header', 'kid is no text of up to 200 characters');
  }
  if (jku !== undefined && (typeof jku !== 'string' || jku.length > MAXIMUM_URL)) {
    throw new Refusal('malformed-header', 'jku is no URL of up to 255 characters');
  }
  return { algorithm: alg, kid, jku };
}

function objectOf(part: string): JsonObject {
  const bytes = fromBase64url(part);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('not-json', 'not UTF-8');
  }
  const value = readStrictJson(text);
  if (!isObject(value)) throw new Refusal('not-json', 'not a JSON object');
  return value;
}

/** Bytes of the one base64url form that they have: no padding, no other letters, no bits left over. Throws `Refusal`. */
export function fromBase64url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (const letter of text) {
    const value = VALUES.get(letter);
    if (value === undefined) throw new Refusal('not-canonical', 'a letter that base64url does not have');
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = bits >> held;
    bits &= (1 << held) - 1;
  }
  if (text.length % 4 === 1 || bits !== 0) {
    throw new Refusal('not-canonical', 'base64url with bits left over');
  }
  return bytes;
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
