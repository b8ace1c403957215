import { openByteStream } from '../bytes/byte-stream.ts';
import { FormatError } from '../errors.ts';

/** A file's content after decompression. */
export interface OpenedInput {
  /** As given by the caller: what errors name. */
  readonly file: string;
  /** The first bytes, to tell the format by: at least 64 KiB unless the content is shorter. */
  readonly head: Uint8Array;
  /** The whole content from its first byte; may be iterated once, and ends the file's use when it ends or is left. */
  readonly chunks: AsyncGenerator<Uint8Array>;
}

const HEAD_BYTES = 64 * 1024;

/**
 * Opens a plain, gzip or BGZF file (told by its first bytes, not by its name) for one pass in bounded memory.
 *
 * @throws FormatError `formats/file-not-readable`, and while iterating `formats/truncated`, `formats/corrupt-compression`.
 */
export async function openInput(file: string): Promise<OpenedInput> {
  return { file, ...(await peek(decompressed(file), HEAD_BYTES)) };
}

/** UTF-8 text without its byte order mark. @throws FormatError `formats/unknown-format` where it is something else. */
export async function* utf8Text(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk: Uint8Array | undefined) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new FormatError('formats/unknown-format', 'is not UTF-8 text', { location: { file } });
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode(undefined);
}

/** A whole text file, for formats that can only be read at once. @throws FormatError as `openInput` and `utf8Text`. */
export async function readText(file: string): Promise<string> {
  const { chunks } = await openInput(file);
  const parts: string[] = [];
  for await (const part of utf8Text(chunks, file)) parts.push(part);
  return parts.join('');
}

async function* decompressed(file: string): AsyncGenerator<Uint8Array> {
  const stream = await openByteStream(file);
  try {
    yield* stream;
  } finally {
    await stream.close();
  }
}

/** Looks at the first bytes without taking them from the iteration. */
async function peek(
  source: AsyncGenerator<Uint8Array>,
  bytes: number,
): Promise<{ readonly head: Uint8Array; readonly chunks: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await source.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(first);
  return { head, chunks: rejoined(head, source) };
}

async function* rejoined(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
