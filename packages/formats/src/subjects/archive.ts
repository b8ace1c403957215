import type { Extract } from 'tar-stream';
import { FormatError } from '../errors.ts';

/** A file of a tar archive; `chunks` must be read to its end before the next member is asked for. */
export interface ArchiveMember {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Whether a file's first bytes are a tar header (POSIX ustar, GNU). */
export function isTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
}

/**
 * The regular files of a tar archive in its order, streaming. An archive must end with a block of zeros: one that was
 * cut between two members is refused, too.
 *
 * @throws FormatError `formats/archive` where a header is damaged, `formats/truncated` where the archive ends early.
 */
export async function* archiveMembers(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<ArchiveMember> {
  const { extract } = await import('tar-stream');
  const extraction = extract();
  const feed: Feed = { zerosAtEnd: 0, failure: undefined };
  const feeding = fill(extraction, chunks, feed);
  try {
    for await (const entry of extraction) {
      if (entry.header.type === 'file')
        yield { name: entry.header.name, chunks: entryChunks(entry, feed, file) };
      entry.resume();
    }
  } catch (cause) {
    throw archiveError(feed.failure ?? cause, file);
  } finally {
    extraction.destroy();
    await feeding;
  }
  if (feed.failure !== undefined) throw archiveError(feed.failure, file);
  if (feed.zerosAtEnd < 512)
    throw new FormatError('formats/truncated', 'the archive ends before its end marker', {
      location: { file },
    });
}

interface Feed {
  /** Zero bytes that the input so far ends with. */
  zerosAtEnd: number;
  /** Why the input itself could not be read. */
  failure: unknown;
}

async function fill(extraction: Extract, chunks: AsyncIterable<Uint8Array>, feed: Feed): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (extraction.destroyed) return;
      const last = chunk.findLastIndex((byte) => byte !== 0);
      feed.zerosAtEnd = last < 0 ? feed.zerosAtEnd + chunk.length : chunk.length - 1 - last;
      if (!extraction.write(chunk)) await drained(extraction);
    }
    extraction.end(undefined);
  } catch (failure) {
    feed.failure = failure;
    extraction.destroy(failure instanceof Error ? failure : undefined);
  }
}

function drained(extraction: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      extraction.off('drain', done);
      extraction.off('close', done);
      resolve();
    };
    extraction.on('drain', done);
    extraction.on('close', done);
    if (extraction.destroyed) done();
  });
}

async function* entryChunks(
  entry: AsyncIterable<unknown>,
  feed: Feed,
  file: string,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw archiveError(feed.failure ?? cause, file);
  }
}

function archiveError(cause: unknown, file: string): unknown {
  if (cause instanceof FormatError) return cause;
  const truncated = cause instanceof Error && /unexpected end|premature close/i.test(cause.message);
  return truncated
    ? new FormatError('formats/truncated', 'the archive ends inside a member', { location: { file }, cause })
    : new FormatError('formats/archive', 'the archive is damaged: a member has no valid header', {
        location: { file },
        cause,
      });
}
