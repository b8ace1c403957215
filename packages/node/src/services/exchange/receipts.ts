import {
  actingRoles,
  type DirectoryMember,
  type MemberDirectory,
  type MemberKey,
  type Requester,
  type Role,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { ExchangeStore, Receipt, ReceiptFilter } from '../../stores/exchange/exchange-store.ts';
import { isReceipt } from '../../stores/exchange/sql-exchange-store.ts';
import { isAnswerSignature } from './answer-checks.ts';
import { ANSWER_TAG, answerComponents, REQUEST_TAG, requestComponents } from './coverage.ts';
import { exchangeId } from './evidence.ts';
import { isRequestSignature } from './request-checks.ts';
import { completeParameters } from './signature-checks.ts';
import { readSignatures, type SignatureField } from './signature-fields.ts';

/** Days that receipts are kept unless the operator says otherwise. */
export const RECEIPT_DAYS = 90;
const DAY_MS = 86_400_000;
/** A clock that is set back makes no old request new within this time. */
const NONCE_GRACE_MS = 600_000;
const DELETED_AT_A_TIME = 5_000;

/** Evidence of exchanges, for whoever asks for it later. */
export class Receipts {
  readonly #store: ExchangeStore;
  readonly #now: () => Date;
  readonly #days: number;

  constructor(store: ExchangeStore, now: () => Date, days = RECEIPT_DAYS) {
    this.#store = store;
    this.#now = now;
    this.#days = days;
  }

  async list(filter: ReceiptFilter): Promise<readonly Receipt[]> {
    return await this.#store.receipts(filter);
  }

  /** Both sides where the member asked itself. Throws `node/unknown-receipt`. */
  async get(id: string): Promise<readonly Receipt[]> {
    const receipts = await this.#store.receipt(id);
    if (receipts.length > 0) return receipts;
    throw new NodeError('node/unknown-receipt', 'there is no receipt with that id, or it is kept no longer');
  }

  /** Deletes what is older than it is kept, in steps between which others can write. */
  async expire(signal: AbortSignal): Promise<void> {
    const nowMs = this.#now().getTime();
    const before = {
      nonces: new Date(nowMs - NONCE_GRACE_MS),
      receipts: new Date(nowMs - this.#days * DAY_MS),
      limit: DELETED_AT_A_TIME,
    };
    while (!signal.aborted && (await this.#store.deleteBefore(before)) >= DELETED_AT_A_TIME);
  }
}

const MAY_READ: ReadonlySet<Role> = new Set(['operator', 'auditor']);

/** Receipts for people and programs who ask over HTTP. Throws `node/unauthenticated`, `node/forbidden`. */
export class ReceiptReader {
  readonly #receipts: Receipts;

  constructor(receipts: Receipts) {
    this.#receipts = receipts;
  }

  async list(requester: Requester, filter: ReceiptFilter): Promise<readonly Receipt[]> {
    assertMayRead(requester);
    return await this.#receipts.list(filter);
  }

  /** Throws `node/unknown-receipt` as well. */
  async get(requester: Requester, id: string): Promise<readonly Receipt[]> {
    assertMayRead(requester);
    return await this.#receipts.get(id);
  }
}

function assertMayRead(requester: Requester): void {
  if (requester.kind === 'anonymous') {
    throw new NodeError(
      'node/unauthenticated',
      'log in: receipts are for operators and auditors of this node',
    );
  }
  if (actingRoles(requester).some((role) => MAY_READ.has(role))) return;
  throw new NodeError('node/forbidden', 'receipts are for operators and auditors of this node');
}

/** Who showed by its signature that it asked or answered. */
export interface VerifiedReceipt {
  readonly receipt: Receipt;
  readonly asked: DirectoryMember;
  readonly answered: DirectoryMember;
}

/**
 * Checks a receipt offline: both signatures by keys for requests that the given versions of the directory name, both by
 * who the receipt says, the answer's bound to the request's. Whether the versions themselves hold is the caller's to know.
 * Throws `node/bad-receipt` with what does not hold.
 */
export function verifyReceipt(
  value: unknown,
  self: string | undefined,
  directories: readonly MemberDirectory[],
): VerifiedReceipt {
  if (!isReceipt(value)) throw badReceipt('it has not the form of a receipt');
  const receipt = value;
  const request = fieldOf(receipt.request, 'request');
  const answer = fieldOf(receipt.answer, 'answer');
  if (exchangeId(request.signature) !== receipt.id) throw badReceipt('its id is not that of the request');
  assertCovers(request, requestComponents(receipt.request), REQUEST_TAG, 'request');
  assertCovers(answer, answerComponents(receipt.answer, request.label), ANSWER_TAG, 'answer');
  if (request.parameters.get('nonce') !== answer.parameters.get('nonce')) {
    throw badReceipt('the answer is one to another request');
  }
  const asked = signerOf(request, directories, receipt.directoryVersion, (key) =>
    isRequestSignature(request, key, receipt.request),
  );
  const answered = signerOf(answer, directories, receipt.directoryVersion, (key) =>
    isAnswerSignature(answer, key, receipt.answer, request),
  );
  if (asked === undefined) throw badReceipt('no member of the given directory signed the request');
  if (answered === undefined) throw badReceipt('no member of the given directory signed the answer');
  if (!receipt.request.target.startsWith(answered.url)) {
    throw badReceipt(`${answered.id} answered what was asked of another address`);
  }
  const [own, peer] = receipt.direction === 'asked' ? [asked, answered] : [answered, asked];
  if (peer.id !== receipt.peer || (self !== undefined && own.id !== self)) {
    throw badReceipt(`the signatures are those of ${asked.id} and ${answered.id}`);
  }
  return { receipt, asked, answered };
}

function fieldOf(evidence: Receipt['request'] | Receipt['answer'], what: string): SignatureField {
  const [field] = readSignatures(evidence) ?? [];
  if (field === undefined) throw badReceipt(`the signature of the ${what} cannot be read`);
  return field;
}

function assertCovers(field: SignatureField, expected: readonly string[], tag: string, what: string): void {
  const parameters = completeParameters(field, (why) => badReceipt(`the ${what}: ${why}`));
  if (parameters.tag !== tag || field.components.toSorted().join() !== expected.toSorted().join()) {
    throw badReceipt(`the signature of the ${what} does not cover what it must`);
  }
}

/** The version that the receipt names is asked first: keys come and go. */
function signerOf(
  field: SignatureField,
  directories: readonly MemberDirectory[],
  version: number,
  holds: (key: MemberKey) => boolean,
): DirectoryMember | undefined {
  const keyid = field.parameters.get('keyid');
  const nearest = directories.toSorted(
    (a, b) => Math.abs(a.version - version) - Math.abs(b.version - version),
  );
  for (const { members } of nearest) {
    const member = members.find(({ keys }) =>
      keys.some((key) => key.id === keyid && key.purpose === 'request' && holds(key)),
    );
    if (member !== undefined) return member;
  }
  return undefined;
}

function badReceipt(why: string): NodeError {
  return new NodeError('node/bad-receipt', `the receipt does not hold: ${why}`);
}
