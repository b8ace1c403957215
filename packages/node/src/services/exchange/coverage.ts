import type { AnswerEvidence, RequestEvidence } from '../../stores/exchange/exchange-store.ts';

export const REQUEST_TAG = 'federome-request';
export const ANSWER_TAG = 'federome-answer';
/** RFC 9421, section 3.3.6. */
export const ALGORITHM = 'ed25519';
/** How far two clocks may be apart. A request is valid for as long as well, by the clock of whoever signed it. */
export const CLOCK_SKEW_S = 60;

/** Header of a person's passport (GA4GH AAI 1.2) that a member passes on, and of its digest, which is signed. */
export const PASSPORT_HEADER = 'ga4gh-passport';
export const PASSPORT_DIGEST_HEADER = 'ga4gh-passport-digest';
/** Header of what a question is asked for; see docs/beacon.md. */
export const PURPOSE_HEADER = 'federome-purpose';

type Covered = Pick<RequestEvidence, 'contentType' | 'passportDigest' | 'purpose'>;

/** What the signature of a request covers: all of this, and nothing else. */
export function requestComponents({ contentType, passportDigest, purpose }: Covered): readonly string[] {
  return [
    '"@method"',
    '"@target-uri"',
    '"content-digest"',
    ...(contentType === undefined ? [] : ['"content-type"']),
    ...(passportDigest === undefined ? [] : [`"${PASSPORT_DIGEST_HEADER}"`]),
    ...(purpose === undefined ? [] : [`"${PURPOSE_HEADER}"`]),
  ];
}

/** What the signature of an answer covers; the request's signature is part of it, so that no answer fits another. */
export function answerComponents(
  { contentType }: Pick<AnswerEvidence, 'contentType'>,
  requestLabel: string,
): readonly string[] {
  return [
    '"@status"',
    '"content-digest"',
    ...(contentType === undefined ? [] : ['"content-type"']),
    `"signature";req;key="${requestLabel}"`,
  ];
}

/** Values of the components of a request. */
export function requestValues(request: Omit<RequestEvidence, 'signatureInput' | 'signature'>) {
  const values: Readonly<Record<string, string | undefined>> = {
    '"@method"': request.method,
    '"@target-uri"': request.target,
    '"content-digest"': request.contentDigest,
    '"content-type"': request.contentType,
    [`"${PASSPORT_DIGEST_HEADER}"`]: request.passportDigest,
    [`"${PURPOSE_HEADER}"`]: request.purpose,
  };
  return (name: string) => values[name];
}

/** Values of the components of an answer; `requestSignature` is the member of the request's `Signature`, serialised. */
export function answerValues(
  answer: Omit<AnswerEvidence, 'signatureInput' | 'signature'>,
  requestSignature: { readonly label: string; readonly signature: Uint8Array },
) {
  const values: Readonly<Record<string, string | undefined>> = {
    '"@status"': String(answer.status),
    '"content-digest"': answer.contentDigest,
    '"content-type"': answer.contentType,
    [`"signature";req;key="${requestSignature.label}"`]: `:${Buffer.from(requestSignature.signature).toString('base64')}:`,
  };
  return (name: string) => values[name];
}
