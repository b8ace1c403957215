import { FormatError } from '../errors.ts';

/** A compressed file that ends before it says it does. */
export function truncated(file: string, what: string): FormatError {
  return new FormatError('formats/truncated', `the file is truncated: ${what}`, { location: { file } });
}

/** A compressed file whose bytes are not what the format says. */
export function corrupt(file: string, what: string, cause?: unknown): FormatError {
  return new FormatError('formats/corrupt-compression', `the compression is damaged: ${what}`, {
    location: { file },
    cause,
  });
}

/** What zlib says about a stream: `Z_BUF_ERROR` is an early end, everything else damage. */
export function fromZlib(file: string, error: unknown): FormatError {
  if (error instanceof FormatError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return truncated(file, reason);
  return corrupt(file, reason, error);
}
