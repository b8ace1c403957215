import { CodedError, type CodedErrorOptions } from '@federome/core';

/** Why a Beacon gave no usable answer. */
export type ClientErrorCode =
  /** No connection, or it broke before the answer was complete. */
  | 'client/unreachable'
  /** No complete answer within the time given. */
  | 'client/timed-out'
  /** More bytes than the caller accepts; reading stopped there. */
  | 'client/answer-too-large'
  /** Another content type than JSON, or text that is not JSON. */
  | 'client/not-json'
  /** JSON, but not a Beacon's answer, or one that contradicts itself. */
  | 'client/wrong-schema'
  /** A status that is neither success nor refusal, redirects to elsewhere included. */
  | 'client/http-status'
  /** The node says that it is of another country than the directory does. */
  | 'client/wrong-country'
  /** 401, 403 or 429: the Beacon understood, and says no. */
  | 'client/refused';

/** What an error of a Beacon carries beside its code and message. */
export interface ClientErrorOptions extends CodedErrorOptions {
  /** HTTP status, where there was one. */
  readonly status?: number | undefined;
  /** What the Beacon itself says about it, on one line. */
  readonly said?: string | undefined;
}

/** A Beacon that gave no usable answer. */
export class ClientError extends CodedError<ClientErrorCode> {
  readonly status: number | undefined;
  readonly said: string | undefined;

  constructor(code: ClientErrorCode, message: string, options: ClientErrorOptions = {}) {
    super(code, message, options);
    this.status = options.status;
    this.said = options.said;
  }
}
