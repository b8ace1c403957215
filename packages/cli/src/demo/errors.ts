import { CodedError } from '@federome/core';

/** Why a demonstration did not come to its end. */
export type DemoErrorCode =
  | 'cli/command-failed'
  | 'cli/child-died'
  | 'cli/child-not-healthy'
  | 'cli/interrupted'
  | 'cli/invalid-answer'
  | 'cli/answer-unchanged'
  | 'cli/directory-not-empty';

export class DemoError extends CodedError<DemoErrorCode> {}
