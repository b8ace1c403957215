import { CodedError } from '@federome/core';

/** What a simulation refuses, or how it fails. */
export type SimulateErrorCode =
  | 'simulate/unknown-country'
  | 'simulate/bad-size'
  | 'simulate/directory-not-empty'
  | 'simulate/worker-failed';

/** A simulation that is refused or failed. */
export class SimulateError extends CodedError<SimulateErrorCode> {}
