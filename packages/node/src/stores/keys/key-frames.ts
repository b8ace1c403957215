import type { Duplex } from 'node:stream';
import { NodeError } from '../../errors.ts';

/** More than any operation needs: what is signed is a head, a request's digest or a token. */
export const MOST_FRAME = 2 ** 20;
const VERSION = 1;
const HEAD_BYTES = 5;

/** A message as a frame: its length (4 bytes, big-endian, of what follows the version), version 1, JSON. Throws `node/key-process`. */
export function frame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > MOST_FRAME)
    throw new NodeError('node/key-process', `a frame has at most ${MOST_FRAME} bytes`);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(body.length, 0);
  head.writeUInt8(VERSION, 4);
  return Buffer.concat([head, body]);
}

/** The messages that come in on a stream, until it ends. Throws `node/key-process` at what is no frame, before its bytes are kept. */
export async function* messages(stream: Duplex): AsyncGenerator<object> {
  let kept = Buffer.alloc(0);
  for await (const chunk of stream) {
    kept = Buffer.concat([kept, chunk]);
    while (kept.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + kept.readUInt32BE(0);
      if (kept[4] !== VERSION || end > HEAD_BYTES + MOST_FRAME) throw noFrame();
      if (kept.length < end) break;
      yield parsed(kept.subarray(HEAD_BYTES, end));
      kept = kept.subarray(end);
    }
  }
}

function parsed(bytes: Buffer): object {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw noFrame();
}

function noFrame(): NodeError {
  return new NodeError(
    'node/key-process',
    `what came over the socket of the keys is no frame of version ${VERSION}`,
  );
}
