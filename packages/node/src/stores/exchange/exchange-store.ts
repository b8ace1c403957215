/** What a signed request was, as far as its signature can be checked again: nothing of what was asked. */
export interface RequestEvidence {
  readonly method: string;
  /** The target URI that was signed; it holds no query but `skip` and `limit`. */
  readonly target: string;
  /** Values of header fields, as they were signed. */
  readonly contentDigest: string;
  readonly contentType?: string | undefined;
  /** Digest of the passport that was passed on, never the passport. */
  readonly passportDigest?: string | undefined;
  /** What the question was asked for. */
  readonly purpose?: string | undefined;
  readonly signatureInput: string;
  readonly signature: string;
}

/** What the signed answer was; nothing of what it said. */
export interface AnswerEvidence {
  readonly status: number;
  readonly contentDigest: string;
  readonly contentType?: string | undefined;
  readonly signatureInput: string;
  readonly signature: string;
}

/** Evidence of one exchange: both sides keep it, with the same id, and each holds the other's signature. */
export interface Receipt {
  readonly format: 'federome-receipt 1';
  /** SHA-256 of the request's signature, base64url. */
  readonly id: string;
  /** Whether this side asked or answered. */
  readonly direction: 'asked' | 'answered';
  /** ISO 8601: when this side had the whole of it. */
  readonly at: string;
  /** The other member. */
  readonly peer: string;
  /** Version of the directory that names the keys of both. */
  readonly directoryVersion: number;
  readonly request: RequestEvidence;
  readonly answer: AnswerEvidence;
}

/** A number that a member used once; with it the request is known until it could not be accepted any more. */
export interface SeenNonce {
  readonly member: string;
  readonly nonce: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Which receipts are listed, the latest first. */
export interface ReceiptFilter {
  readonly peer?: string | undefined;
  readonly limit: number;
}

/** Every change is durable when it returns, and all of it or nothing is. Throws `node/store`. */
export interface ExchangeStore {
  /**
   * Enters nonces and receipts in one transaction, and tells of each nonce whether it had not been seen: of two alike,
   * whichever processes they come through, one at most is new. A receipt that is there already stays as it is.
   */
  write(
    nonces: readonly SeenNonce[],
    receipts: readonly Receipt[],
  ): Promise<{ readonly isNew: readonly boolean[] }>;
  /** One or both sides of an exchange: a member may ask itself. */
  receipt(id: string): Promise<readonly Receipt[]>;
  receipts(filter: ReceiptFilter): Promise<readonly Receipt[]>;
  /** Deletes about `limit` of either that are older, so that nobody waits long; tells how many are gone. */
  deleteBefore(before: {
    readonly nonces: Date;
    readonly receipts: Date;
    readonly limit: number;
  }): Promise<number>;
}
