/** Where in an input something was found; `line` and `column` are 1-based. */
export interface SourceLocation {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** What an error carries beside its code and message. */
export interface CodedErrorOptions {
  /** What may be told to an anonymous client; defaults to `message`. Set it where `message` names people, paths or data. */
  readonly publicMessage?: string | undefined;
  readonly location?: SourceLocation | undefined;
  readonly cause?: unknown;
}

/**
 * Base of every error that Federome raises on purpose. Each package narrows `Code` to its own union of stable codes,
 * which callers switch on and documents list. `message` is for the operator, `publicMessage` for whoever asked.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly publicMessage: string;
  readonly location: SourceLocation | undefined;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.publicMessage = options.publicMessage ?? message;
    this.location = options.location;
  }

  /** One line for a terminal: `file:line:column: message [code]`. */
  describe(): string {
    const { file, line, column } = this.location ?? {};
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    return `${where === '' ? '' : `${where}: `}${this.message} [${this.code}]`;
  }
}

/** Every way in which the domain refuses a value. */
export type CoreErrorCode =
  | 'core/bad-interval'
  | 'core/reference-mismatch'
  | 'core/bad-person-number'
  | 'core/bad-bitmap'
  | 'core/bad-consent'
  | 'core/bad-disclosure-policy'
  | 'core/bad-duration'
  | 'core/bad-subject'
  | 'core/bad-directory'
  | 'core/directory-under-signed'
  | 'core/bad-proposal'
  | 'core/bad-promise'
  | 'core/not-json'
  | 'core/bad-receipt';

/** A value that the domain refuses. */
export class CoreError extends CodedError<CoreErrorCode> {}
