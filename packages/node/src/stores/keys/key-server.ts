import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { NodeError, type NodeErrorCode } from '../../errors.ts';
import type { KeyBackend } from './file-keys.ts';
import { frame, messages } from './key-frames.ts';
import type { SigningPurpose } from './signing-keys.ts';

/** What a peer of the process may use keys for. */
export type AllowedPurpose = 'data' | SigningPurpose;
export const ALLOWED_PURPOSES: readonly AllowedPurpose[] = [
  'data',
  'visa',
  'identity',
  'request',
  'ledger',
  'witness',
  'directory',
];

const MOST_CONNECTIONS = 64;
const IDLE_MS = 300_000;
const CODES: readonly NodeErrorCode[] = [
  'node/key-missing',
  'node/wrong-key',
  'node/key-store',
  'node/key-process',
];

type Arguments = Readonly<Record<string, unknown>>;

/** Answers for the keys on a socket until it is closed. */
export interface KeyServer {
  /** What is under way is answered first. */
  close(): Promise<void>;
}

/**
 * Serves keys on a Unix socket in a directory of mode 0700: whoever may open it may use the purposes that are allowed,
 * one request at a time a connection. Throws `node/key-process` where the directory is open to others or another process
 * serves there.
 */
export async function serveKeys(
  keys: KeyBackend,
  socket: string,
  allowed: readonly AllowedPurpose[] = ALLOWED_PURPOSES,
): Promise<KeyServer> {
  await preparePlace(socket);
  const open = new Set<Socket>();
  const busy = new Set<Promise<void>>();
  const server = createServer((peer) => {
    open.add(peer);
    peer.setTimeout(IDLE_MS, () => peer.destroy());
    peer.on('error', () => peer.destroy());
    peer.on('close', () => open.delete(peer));
    void serve(peer, (message) => {
      const answered = answer(keys, allowed, message);
      const settled = answered.then(() => {});
      busy.add(settled);
      void settled.then(() => busy.delete(settled));
      return answered;
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, socket);
  await chmod(socket, 0o600);
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(busy);
      for (const peer of open) peer.end(() => peer.destroy());
      await closed;
    },
  };
}

async function serve(peer: Socket, answered: (message: object) => Promise<object>): Promise<void> {
  try {
    for await (const message of messages(peer)) peer.write(frame(await answered(message)));
    peer.end();
  } catch {
    peer.destroy();
  }
}

async function answer(
  keys: KeyBackend,
  allowed: readonly AllowedPurpose[],
  message: object,
): Promise<object> {
  try {
    const { op, ...rest }: Arguments = { op: undefined, ...message };
    const operation = typeof op === 'string' && Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
    if (operation === undefined) throw refused('there is no such operation');
    return { ok: (await operation(keys, rest, (purpose) => assertAllowed(allowed, purpose))) ?? null };
  } catch (cause) {
    // Only these are meant for peers; anything else could hold what is not theirs.
    if (cause instanceof NodeError && CODES.some((code) => code === cause.code)) {
      return { code: cause.code, message: cause.message };
    }
    return { code: 'node/key-process', message: 'the process of the keys failed' };
  }
}

type Allow = (purpose: AllowedPurpose) => void;
type Operation = (keys: KeyBackend, given: Arguments, allow: Allow) => Promise<unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: async (keys, given, allow) => {
    allow('data');
    return await keys.create('data', instant(given));
  },
  list: async (keys, _, allow) => {
    allow('data');
    return await keys.list();
  },
  destroy: async (keys, given, allow) => {
    allow('data');
    await keys.destroy(text(given, 'id'));
  },
  wrap: async (keys, given, allow) => {
    allow('data');
    return base64(await keys.wrap(text(given, 'id'), bytes(given), text(given, 'context')));
  },
  unwrap: async (keys, given, allow) => {
    allow('data');
    return base64(await keys.unwrap(text(given, 'id'), bytes(given), text(given, 'context')));
  },
  // Public keys are public: whoever connects may read those of any purpose.
  signingKeys: async (keys, given) => await keys.signingKeys(purposeOf(given)),
  sign: async (keys, given, allow) => {
    const purpose = purposeOf(given);
    allow(purpose);
    const keyId = given.keyId === undefined ? undefined : text(given, 'keyId');
    const signed = await keys.sign(purpose, bytes(given), keyId);
    return { keyId: signed.keyId, signature: base64(signed.signature) };
  },
  prepare: async (keys, given, allow) => {
    const purpose = purposeOf(given);
    allow(purpose);
    return await keys.prepare(purpose, instant(given));
  },
  rotate: async (keys, given, allow) => {
    const purpose = purposeOf(given);
    allow(purpose);
    return await keys.rotate(purpose, instant(given));
  },
  retire: async (keys, given, allow) => {
    const keyId = text(given, 'keyId');
    for (const purpose of ALLOWED_PURPOSES) {
      if (purpose === 'data') continue;
      if ((await keys.signingKeys(purpose)).some(({ id }) => id === keyId)) allow(purpose);
    }
    await keys.retire(keyId);
  },
};

function assertAllowed(allowed: readonly AllowedPurpose[], purpose: AllowedPurpose): void {
  if (!allowed.includes(purpose)) throw refused(`keys for ${purpose} are not to be used over this socket`);
}

function purposeOf(given: Arguments): SigningPurpose {
  for (const purpose of ALLOWED_PURPOSES) {
    if (purpose !== 'data' && purpose === given.purpose) return purpose;
  }
  throw refused('there is no such purpose');
}

function text(given: Arguments, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value.length <= 2000) return value;
  throw refused(`${name} must be a text`);
}

function bytes({ bytes: value }: Arguments): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  throw refused('bytes must be base64');
}

function instant(given: Arguments): Date {
  const at = new Date(text(given, 'at'));
  if (Number.isNaN(at.getTime())) throw refused('at must be an instant');
  return at;
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

async function preparePlace(socket: string): Promise<void> {
  const directory = dirname(socket);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { mode } = await stat(directory);
  if ((mode & 0o077) !== 0) {
    throw new NodeError(
      'node/key-process',
      'the directory of the socket is open to others (chmod go= closes it)',
      {
        location: { file: directory },
      },
    );
  }
  if (await isServed(socket)) {
    throw new NodeError('node/key-process', 'a process serves keys here already', {
      location: { file: socket },
    });
  }
  await rm(socket, { force: true });
}

function isServed(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const peer = dial(socket);
    peer.once('connect', () => resolve(peer.destroy() !== undefined));
    peer.once('error', () => resolve(false));
  });
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
}

function refused(why: string): NodeError {
  return new NodeError('node/key-process', `the process of the keys refused: ${why}`);
}
