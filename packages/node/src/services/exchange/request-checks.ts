import type { DirectoryMember, MemberKey, Members } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { RequestEvidence } from '../../stores/exchange/exchange-store.ts';
import { contentDigest, isDigestOf } from './content-digest.ts';
import {
  PASSPORT_DIGEST_HEADER,
  PASSPORT_HEADER,
  PURPOSE_HEADER,
  REQUEST_TAG,
  requestComponents,
  requestValues,
} from './coverage.ts';
import { assertAlgorithm, assertOfNow, completeParameters, isSignedBy } from './signature-checks.ts';
import { readSignatures, type SignatureField, type SignatureParameters } from './signature-fields.ts';

/** A request as it came, whole. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly path: string;
  /** The value of a header field, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

/** A request whose signature holds; whether it comes for the first time is not known yet. */
export interface CheckedRequest {
  readonly member: DirectoryMember;
  readonly directoryVersion: number;
  readonly parameters: SignatureParameters;
  readonly field: SignatureField;
  readonly evidence: RequestEvidence;
  readonly passport: string | undefined;
}

export interface RequestCheckPorts {
  /** The id of this node or hub in the directory. */
  readonly self: string;
  readonly members: Members;
  readonly now: () => Date;
}

/** Nothing but these, and numbers, may stand in the query of a signed request: evidence of it is kept. */
const PAGINATION: ReadonlySet<string> = new Set(['skip', 'limit']);
const FOREIGN_TAG = /^(?!federome-)/;

/**
 * Whether a request is to be taken for one: it has a signature that is not marked as somebody else's business by a tag
 * of its own (RFC 9421, section 2.3).
 */
export function isSigned(header: IncomingRequest['header']): boolean {
  const [input, signature] = [header('signature-input'), header('signature')];
  if (input === undefined && signature === undefined) return false;
  const fields = readSignatures({ signatureInput: input ?? '', signature: signature ?? '' });
  return fields === undefined || fields.some(({ parameters }) => !isForeign(parameters));
}

/**
 * The checks of a signed request, in their order: whatever fails, it is refused and never taken for an unsigned one.
 * Throws `node/bad-signature`, `node/wrong-clock`, `node/unknown-key`, `node/tampered`, and as `Members`.
 */
export async function checkRequest(
  request: IncomingRequest,
  { self, members, now }: RequestCheckPorts,
): Promise<CheckedRequest> {
  const field = onlySignature(request);
  const parameters = completeParameters(field, badSignature);
  assertAlgorithm(parameters, badSignature);
  assertOfNow(parameters, now(), badSignature);
  const { member, key, directoryVersion, target } = await keyOfMember(
    parameters.keyid,
    request,
    self,
    members,
  );
  assertNothingAskedInTarget(target);
  const evidence = evidenceOf(request, field, target);
  assertCoverage(field, evidence);
  assertBody(request, evidence);
  const passport = passportOf(request, evidence);
  assertSignature(field, key, evidence);
  return { member, directoryVersion, parameters, field, evidence, passport };
}

function onlySignature({ header }: IncomingRequest): SignatureField {
  const fields = readSignatures({
    signatureInput: header('signature-input') ?? '',
    signature: header('signature') ?? '',
  });
  if (fields === undefined) {
    throw badSignature('Signature-Input and Signature are not two dictionaries with the same members');
  }
  const [field, second] = fields.filter(({ parameters }) => !isForeign(parameters));
  if (field === undefined || second !== undefined || field.parameters.get('tag') !== REQUEST_TAG) {
    throw badSignature(`expected one signature, with the tag '${REQUEST_TAG}'`);
  }
  return field;
}

function isForeign(parameters: SignatureField['parameters']): boolean {
  const tag = parameters.get('tag');
  return typeof tag === 'string' && FOREIGN_TAG.test(tag);
}

async function keyOfMember(keyid: string, { path }: IncomingRequest, self: string, members: Members) {
  const directory = await members.current();
  const member = directory.members.find(({ keys }) => keys.some(({ id }) => id === keyid));
  const key = member?.keys.find(({ id }) => id === keyid);
  if (member === undefined || key?.purpose !== 'request') {
    throw new NodeError(
      'node/unknown-key',
      `version ${directory.version} of the directory names no member with that key for requests`,
    );
  }
  const own = directory.members.find(({ id }) => id === self);
  if (own === undefined) {
    throw new NodeError('node/unknown-member', `'${self}', which was asked, is no member of the network`);
  }
  // Not what the request says of itself: what was meant for another member must not pass here.
  const target = `${own.url.slice(0, -1)}${path}`;
  return { member, key, directoryVersion: directory.version, target };
}

function assertNothingAskedInTarget(target: string): void {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined) throw badSignature('the target is no path');
  if ([...url.searchParams].some(([name, value]) => !PAGINATION.has(name) || !/^\d{1,9}$/.test(value))) {
    throw badSignature('a signed request has its question in the body, not in the query');
  }
}

function evidenceOf(
  { method, header }: IncomingRequest,
  field: SignatureField,
  target: string,
): RequestEvidence {
  const digest = header('content-digest');
  if (digest === undefined) throw badSignature('the header Content-Digest is missing');
  return {
    method,
    target,
    contentDigest: digest,
    contentType: header('content-type'),
    passportDigest: header(PASSPORT_DIGEST_HEADER),
    purpose: header(PURPOSE_HEADER),
    signatureInput: `${field.label}=${field.input}`,
    signature: `${field.label}=:${Buffer.from(field.signature).toString('base64')}:`,
  };
}

function assertCoverage(field: SignatureField, evidence: RequestEvidence): void {
  const expected = requestComponents(evidence);
  if (field.components.toSorted().join() !== expected.toSorted().join()) {
    throw badSignature(`it must cover ${expected.join(', ')}`);
  }
}

function assertBody({ body }: IncomingRequest, { contentDigest }: RequestEvidence): void {
  if (!isDigestOf(contentDigest, body))
    throw tampered('the body is not the one that Content-Digest tells of');
}

/** The passport itself is in no evidence: what is signed is its digest. */
function passportOf({ header }: IncomingRequest, { passportDigest }: RequestEvidence): string | undefined {
  const passport = header(PASSPORT_HEADER);
  if (passport === undefined && passportDigest === undefined) return undefined;
  if (passport === undefined || passportDigest !== passportDigestOf(passport)) {
    throw tampered(`the passport is not the one that ${PASSPORT_DIGEST_HEADER} tells of`);
  }
  return passport;
}

export function passportDigestOf(passport: string): string {
  return contentDigest(new TextEncoder().encode(passport));
}

function assertSignature(field: SignatureField, key: MemberKey, evidence: RequestEvidence): void {
  if (!isRequestSignature(field, key, evidence)) {
    throw badSignature(
      `it does not hold for ${evidence.method} ${evidence.target.split('?', 1)[0]} by the key that it names`,
    );
  }
}

/** Whether a signature over the evidence of a request is by a key. */
export function isRequestSignature(
  field: SignatureField,
  key: MemberKey,
  evidence: RequestEvidence,
): boolean {
  return isSignedBy(field, key, requestValues(evidence));
}

function badSignature(why: string): NodeError {
  return new NodeError('node/bad-signature', `the signature of the request is refused: ${why}`);
}

function tampered(why: string): NodeError {
  return new NodeError('node/tampered', `the request was changed on its way: ${why}`);
}
