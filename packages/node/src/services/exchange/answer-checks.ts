import type { MemberDirectory, MemberKey } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { AnswerEvidence } from '../../stores/exchange/exchange-store.ts';
import { ANSWER_TAG, answerComponents, answerValues } from './coverage.ts';
import { assertAlgorithm, assertOfNow, completeParameters, isSignedBy } from './signature-checks.ts';
import { readSignatures, type SignatureField } from './signature-fields.ts';

/** The head of an answer; its body is held against the digest when it has come. */
export interface AnswerHead {
  readonly status: number;
  /** The value of a header field, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** The request that is to be answered. */
export interface SentRequest {
  /** The id of the member that was asked. */
  readonly member: string;
  readonly nonce: string;
  readonly signature: { readonly label: string; readonly signature: Uint8Array };
}

/**
 * The checks of a signed answer's head, in their order. Throws `node/answer-unsigned`, `node/answer-bad-signature`,
 * `node/answer-replayed`, `node/wrong-clock`, `node/answer-wrong-key`.
 */
export function checkAnswer(
  answer: AnswerHead,
  request: SentRequest,
  directory: MemberDirectory,
  now: Date,
): AnswerEvidence {
  const field = onlySignature(answer);
  const parameters = completeParameters(field, badSignature);
  assertAlgorithm(parameters, badSignature);
  assertAnswersThis(parameters.nonce, request);
  assertOfNow(parameters, now, badSignature);
  const key = keyOf(parameters.keyid, request.member, directory);
  const evidence = evidenceOf(answer, field);
  assertCoverage(field, evidence, request);
  if (!isAnswerSignature(field, key, evidence, request.signature)) {
    throw badSignature('it does not hold for this answer by the key that it names');
  }
  return evidence;
}

function onlySignature({ header }: AnswerHead): SignatureField {
  const [signatureInput, signature] = [header('signature-input'), header('signature')];
  if (signatureInput === undefined || signature === undefined) {
    throw new NodeError('node/answer-unsigned', 'the answer has no signature');
  }
  const fields = readSignatures({ signatureInput, signature });
  if (fields === undefined) {
    throw badSignature('Signature-Input and Signature are not two dictionaries with the same members');
  }
  const [field, second] = fields.filter(({ parameters }) => parameters.get('tag') === ANSWER_TAG);
  if (field === undefined || second !== undefined) {
    throw badSignature(`expected one signature with the tag '${ANSWER_TAG}'`);
  }
  return field;
}

function assertAnswersThis(nonce: string, request: SentRequest): void {
  if (nonce === request.nonce) return;
  throw new NodeError('node/answer-replayed', 'the answer is one to another request');
}

function keyOf(keyid: string, asked: string, directory: MemberDirectory): MemberKey {
  const member = directory.members.find(({ id }) => id === asked);
  const key = member?.keys.find(({ id, purpose }) => id === keyid && purpose === 'request');
  if (key !== undefined) return key;
  throw new NodeError(
    'node/answer-wrong-key',
    `the answer is not signed by a key for requests that version ${directory.version} of the directory gives '${asked}'`,
  );
}

function evidenceOf({ status, header }: AnswerHead, field: SignatureField): AnswerEvidence {
  const contentDigest = header('content-digest');
  if (contentDigest === undefined) throw badSignature('the header Content-Digest is missing');
  return {
    status,
    contentDigest,
    contentType: header('content-type'),
    signatureInput: `${field.label}=${field.input}`,
    signature: `${field.label}=:${Buffer.from(field.signature).toString('base64')}:`,
  };
}

function assertCoverage(field: SignatureField, evidence: AnswerEvidence, { signature }: SentRequest): void {
  const expected = answerComponents(evidence, signature.label);
  if (field.components.toSorted().join() !== expected.toSorted().join()) {
    throw badSignature(`it must cover ${expected.join(', ')}`);
  }
}

/** Whether a signature over the evidence of an answer, and over the signature of its request, is by a key. */
export function isAnswerSignature(
  field: SignatureField,
  key: MemberKey,
  evidence: AnswerEvidence,
  request: SentRequest['signature'],
): boolean {
  return isSignedBy(field, key, answerValues(evidence, request));
}

function badSignature(why: string): NodeError {
  return new NodeError('node/answer-bad-signature', `the signature of the answer is refused: ${why}`);
}
