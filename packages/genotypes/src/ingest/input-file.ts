import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FormatError } from '@federome/formats';

/** An input file as it was when its ingest began. */
export interface InputState {
  readonly bytes: number;
  /** Changes when the file does. */
  readonly state: string;
}

export async function inputState(file: string): Promise<InputState> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return { bytes: size, state: `${ino}:${size}:${mtimeMs}` };
  } catch (cause) {
    throw notReadable(file, cause);
  }
}

/** SHA-256 of a file that has to be known before the file is read for anything else. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
    return hash.digest('hex');
  } catch (cause) {
    throw notReadable(file, cause);
  }
}

/** SHA-256 of a file, taken while it is read for its records; all of its bytes have to pass, in order. */
export class PassingDigest {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  readonly take = (bytes: Uint8Array): void => {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  };

  /** Raises `formats/file-not-readable` where the file is not what it was when its ingest began. */
  async finish(file: string, { bytes, state }: InputState): Promise<string> {
    if ((await inputState(file)).state !== state || this.#bytes !== bytes) {
      throw new FormatError('formats/file-not-readable', 'the file changed while it was read', {
        location: { file },
      });
    }
    return this.#hash.digest('hex');
  }
}

function notReadable(file: string, cause: unknown): FormatError {
  return new FormatError('formats/file-not-readable', `the file cannot be read: ${String(cause)}`, {
    cause,
    location: { file },
  });
}
