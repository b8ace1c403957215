/** What a log, a proof, a note or a witness is refused for; docs/errors.md explains each. */
export type TlogErrorCode =
  | 'tlog/bad-note'
  | 'tlog/bad-key'
  | 'tlog/bad-signature'
  | 'tlog/bad-policy'
  | 'tlog/too-few-cosignatures'
  | 'tlog/bad-proof'
  | 'tlog/bad-tile'
  | 'tlog/bad-path'
  | 'tlog/bad-request'
  | 'tlog/out-of-range'
  | 'tlog/entry-too-long'
  | 'tlog/locked'
  | 'tlog/not-durable'
  | 'tlog/inconsistent'
  | 'tlog/closed';

/** A refusal of this package, with its stable code. */
export class TlogError extends Error {
  readonly code: TlogErrorCode;

  constructor(code: TlogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlogError';
    this.code = code;
  }
}
