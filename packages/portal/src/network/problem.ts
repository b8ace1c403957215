/** Why the hub gave no answer: what the person is told, and a stable code. */
export type PortalErrorCode =
  | 'portal/offline'
  | 'portal/hub-unreachable'
  | 'portal/invalid-answer'
  | 'portal/refused';

/** `detail` and `hubCode` are the hub's own, from its problem document (RFC 9457). */
export class PortalError extends Error {
  readonly code: PortalErrorCode;
  readonly detail: string | undefined;
  readonly hubCode: string | undefined;

  constructor(
    code: PortalErrorCode,
    message: string,
    options: { detail?: string | undefined; hubCode?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PortalError';
    this.code = code;
    this.detail = options.detail;
    this.hubCode = options.hubCode;
  }
}
