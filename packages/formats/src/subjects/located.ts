import type { SourceLocation, SubjectRecord } from '@federome/core';
import { FormatError, type FormatErrorCode } from '../errors.ts';

/** A person's record and where it was read. For a member of an archive `file` is `ARCHIVE!/MEMBER`. */
export interface LocatedSubject {
  readonly subject: SubjectRecord;
  readonly location: SourceLocation;
  /** The id of the phenopacket itself, where it has one: collections of published cases name people by it alone. */
  readonly packetId?: string | undefined;
}

/**
 * A refusal of health records: the message may quote them and is for the operator; nothing of it is for anybody else.
 */
export function refusal(
  code: FormatErrorCode,
  message: string,
  location: SourceLocation,
  cause?: unknown,
): FormatError {
  return new FormatError(code, message, {
    location,
    cause,
    publicMessage: 'the health records could not be read',
  });
}
