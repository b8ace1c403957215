import { FormatError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

/** The refusal `formats/file-not-readable` of a file that the operating system does not give; a `FormatError` as it is. */
export function notReadable(file: string, cause: unknown): FormatError {
  if (cause instanceof FormatError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new FormatError('formats/file-not-readable', `the file cannot be read: ${reason}`, {
    publicMessage: 'the file cannot be read',
    location: { file },
    cause,
  });
}
