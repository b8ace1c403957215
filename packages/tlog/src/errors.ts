/** What a log, a proof, a note or a witness is refused for. */
export type TlogErrorCode = 'tlog/bad-note';

/** A refusal of this package, with its stable code. */
export class TlogError extends Error {
  readonly code: TlogErrorCode;

  constructor(code: TlogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlogError';
    this.code = code;
  }
}
