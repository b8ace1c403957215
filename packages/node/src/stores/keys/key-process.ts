import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeError, type NodeErrorCode } from '../../errors.ts';
import type { KeyBackend } from './file-keys.ts';
import { frame, messages } from './key-frames.ts';
import type { KeyInfo, KeyPurpose } from './keys.ts';
import type { SigningKey, SigningPurpose } from './signing-keys.ts';

const TIMEOUT_MS = 10_000;
/** About six seconds in all: a restart of the process goes unnoticed. */
const BACK_OFF_MS = [20, 50, 100, 200, 400, 800, 1600, 3000];
const CODES: readonly NodeErrorCode[] = [
  'node/key-missing',
  'node/wrong-key',
  'node/key-store',
  'node/key-process',
];

/**
 * Keys that another process holds, behind a socket (`serveKeys`). A call that could not be sent is tried again until the
 * process is back; one whose answer was lost too where doing it twice does no harm. Throws `node/key-process` where
 * nobody answers in time. A connection lasts for one call.
 */
export class KeyProcess implements KeyBackend {
  readonly #socket: string;
  readonly #backOff: readonly number[];

  constructor(socket: string, backOffMs: readonly number[] = BACK_OFF_MS) {
    this.#socket = socket;
    this.#backOff = backOffMs;
  }

  async create(purpose: KeyPurpose, at: Date): Promise<KeyInfo> {
    return await this.#call<KeyInfo>({ op: 'create', purpose, at: at.toISOString() }, false);
  }

  async list(): Promise<readonly KeyInfo[]> {
    return await this.#call<readonly KeyInfo[]>({ op: 'list' });
  }

  async destroy(id: string): Promise<void> {
    await this.#call({ op: 'destroy', id });
  }

  async wrap(id: string, dataKey: Uint8Array, context: string): Promise<Uint8Array> {
    return Buffer.from(
      await this.#call<string>({ op: 'wrap', id, bytes: base64(dataKey), context }),
      'base64',
    );
  }

  async unwrap(id: string, wrapped: Uint8Array, context: string): Promise<Uint8Array> {
    return Buffer.from(
      await this.#call<string>({ op: 'unwrap', id, bytes: base64(wrapped), context }),
      'base64',
    );
  }

  async signingKeys(purpose: SigningPurpose): Promise<readonly SigningKey[]> {
    return await this.#call<readonly SigningKey[]>({ op: 'signingKeys', purpose });
  }

  async sign(purpose: SigningPurpose, bytes: Uint8Array, keyId?: string) {
    const message = { op: 'sign', purpose, bytes: base64(bytes), ...(keyId !== undefined && { keyId }) };
    const signed = await this.#call<{ readonly keyId: string; readonly signature: string }>(message);
    return { keyId: signed.keyId, signature: Buffer.from(signed.signature, 'base64') };
  }

  async prepare(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    return await this.#call<SigningKey>({ op: 'prepare', purpose, at: at.toISOString() });
  }

  async rotate(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    return await this.#call<SigningKey>({ op: 'rotate', purpose, at: at.toISOString() }, false);
  }

  async retire(keyId: string): Promise<void> {
    await this.#call({ op: 'retire', keyId }, false);
  }

  async #call<T>(message: object, isRepeatable = true): Promise<T> {
    const bytes = frame(message);
    for (let turn = 0; ; turn += 1) {
      const wait = this.#backOff[turn];
      const answer = await exchanged(this.#socket, bytes, isRepeatable);
      if (answer !== undefined) return taken<T>(answer);
      if (wait === undefined) throw unreachable(this.#socket);
      await delay(wait);
    }
  }
}

/** Nothing where the call may be made again. */
async function exchanged(path: string, bytes: Buffer, isRepeatable: boolean): Promise<object | undefined> {
  const socket = await connected(path);
  if (socket === undefined) return undefined;
  try {
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(unreachable(path)));
    socket.write(bytes);
    for await (const answer of messages(socket)) return answer;
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
  } finally {
    socket.destroy();
  }
  if (isRepeatable) return undefined;
  throw new NodeError(
    'node/key-process',
    'the process of the keys went away: whether it did what was asked is not known (federome keys list)',
    {
      location: { file: path },
      publicMessage: 'the keys of the node are not there',
    },
  );
}

function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** The process is the node's own: what it says has the shapes of `KeyBackend`. */
function taken<T>(answer: object): T {
  if ('ok' in answer) return answer.ok as T;
  const { code, message }: { code: unknown; message: unknown } = { code: '', message: '', ...answer };
  const known = CODES.find((each) => each === code) ?? 'node/key-process';
  throw new NodeError(known, String(message), { publicMessage: 'a key of the node could not be used' });
}

function unreachable(file: string): NodeError {
  return new NodeError(
    'node/key-process',
    'the process of the keys does not answer: is federome keys serve running?',
    {
      location: { file },
      publicMessage: 'the keys of the node are not there',
    },
  );
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
