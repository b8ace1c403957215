import type { MemberKey } from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto } from '../../stores/directory/directory-crypto.ts';
import { ALGORITHM, CLOCK_SKEW_S } from './coverage.ts';
import { type SignatureField, type SignatureParameters, signatureBase } from './signature-fields.ts';

/** What is thrown for a signature that cannot be right. */
export type Fault = (why: string) => NodeError;

const MAXIMUM_NONCE = 64;

/** The six parameters, and no other. */
export function completeParameters({ parameters }: SignatureField, fault: Fault): SignatureParameters {
  const [created, expires, nonce, keyid, alg, tag] = [
    'created',
    'expires',
    'nonce',
    'keyid',
    'alg',
    'tag',
  ].map((name) => parameters.get(name));
  const complete =
    parameters.size === 6 &&
    Number.isSafeInteger(created) &&
    Number.isSafeInteger(expires) &&
    [nonce, keyid, alg, tag].every((text) => typeof text === 'string' && text !== '');
  if (!complete) {
    throw fault('expected the parameters created, expires, nonce, keyid, alg and tag');
  }
  if (String(nonce).length > MAXIMUM_NONCE) {
    throw fault(`the nonce is longer than ${MAXIMUM_NONCE} characters`);
  }
  return {
    created: Number(created),
    expires: Number(expires),
    nonce: String(nonce),
    keyid: String(keyid),
    alg: String(alg),
    tag: String(tag),
  };
}

export function assertAlgorithm({ alg }: SignatureParameters, fault: Fault): void {
  if (alg !== ALGORITHM) throw fault(`the algorithm is '${alg.slice(0, 40)}', expected '${ALGORITHM}'`);
}

/** Throws `node/wrong-clock` with both clocks' difference; the fault where no clock could make it right. */
export function assertOfNow({ created, expires }: SignatureParameters, now: Date, fault: Fault): void {
  if (expires <= created || expires - created > CLOCK_SKEW_S) {
    throw fault(`it must expire later than it was made, by ${CLOCK_SKEW_S} s at most`);
  }
  const nowS = now.getTime() / 1_000;
  const apartS = Math.round(created - nowS);
  if (Math.abs(created - nowS) <= CLOCK_SKEW_S && nowS <= expires) return;
  const [signed, here] = [instant(created), now.toISOString()];
  const how = apartS > 0 ? `${apartS} s ahead of` : `${-apartS} s behind`;
  throw new NodeError(
    'node/wrong-clock',
    `signed at ${signed}, ${how} the clock here (${here}); ${CLOCK_SKEW_S} s are allowed: a clock is wrong, or the message is old`,
  );
}

/** Whether a signature over the values of its components is by a key. */
export function isSignedBy(
  field: SignatureField,
  key: MemberKey,
  values: (component: string) => string | undefined,
): boolean {
  const base = signatureBase(field.components, field.input, values);
  if (base === undefined || key.algorithm !== 'Ed25519') return false;
  return directoryCrypto.verify(key, base, Buffer.from(field.signature).toString('base64url'));
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString();
}
