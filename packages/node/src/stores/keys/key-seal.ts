import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { NodeError } from '../../errors.ts';

/** OWASP's first choice for scrypt: 128 MiB of memory for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const MOST_MEMORY = 2 ** 28;
const SEALED = 'sealed:';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals what key files hold as secret; each secret is bound to the name of its key. */
export interface KeySeal {
  seal(secret: Uint8Array, context: string): string;
  /** Throws `node/key-store` where it was sealed under something else, or not at all. */
  open(sealed: string, context: string): Buffer;
}

interface Header {
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  /** The store's key under what scrypt made of the passphrase. */
  readonly key: string;
}

/** Key files without a passphrase: the secret as base64. */
export const OPEN_SEAL: KeySeal = {
  seal: (secret) => Buffer.from(secret).toString('base64'),
  open: (secret) => {
    if (secret.startsWith(SEALED)) throw needed();
    return Buffer.from(secret, 'base64');
  },
};

/** One line that lets whoever has the passphrase open the store's key: a new one, or the given one for a new passphrase. */
export async function sealedHeader(
  passphrase: string,
  storeKey: Uint8Array = randomBytes(32),
): Promise<string> {
  const salt = randomBytes(16);
  const derived = await derive(passphrase, salt, COST);
  const key = encrypt(derived, storeKey, 'store');
  derived.fill(0);
  const header: Header = { kdf: 'scrypt', ...COST, salt: salt.toString('base64'), key };
  return JSON.stringify(header);
}

/** The store's key out of its line. Throws `node/wrong-passphrase`, also where none is given. */
export async function storeKeyOf(line: string, passphrase: string | undefined): Promise<Buffer> {
  if (passphrase === undefined) throw needed();
  const { N, r, p, salt, key } = headerOf(line);
  const derived = await derive(passphrase, Buffer.from(salt, 'base64'), { N, r, p });
  try {
    return decrypt(derived, key, 'store');
  } catch {
    throw new NodeError('node/wrong-passphrase', 'the passphrase is not the one of this key store');
  } finally {
    derived.fill(0);
  }
}

/** Seals under a store's key. */
export function sealUnder(storeKey: Uint8Array): KeySeal {
  return {
    seal: (secret, context) => SEALED + encrypt(storeKey, secret, context),
    open: (sealed, context) => {
      try {
        if (sealed.startsWith(SEALED)) return decrypt(storeKey, sealed.slice(SEALED.length), context);
      } catch {
        // Said below.
      }
      throw new NodeError('node/key-store', `the key ${context} was not sealed in this key store`, {
        publicMessage: 'a key of the node is damaged',
      });
    },
  };
}

function headerOf(line: string): Header {
  try {
    const value: unknown = JSON.parse(line);
    if (isHeader(value)) return value;
  } catch {
    // Said below.
  }
  throw new NodeError('node/key-store', 'the head of the key store is damaged: restore it from a copy');
}

/** Costs are bounded, so that a planted head takes neither memory nor time. */
function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { kdf, N, r, p, salt, key } = { kdf: 0, N: 0, r: 0, p: 0, salt: 0, key: 0, ...value };
  return (
    String(kdf) === 'scrypt' &&
    N >= COST.N &&
    N <= 2 ** 20 &&
    r >= 1 &&
    r <= 16 &&
    p >= 1 &&
    p <= 8 &&
    typeof salt === 'string' &&
    typeof key === 'string'
  );
}

function derive(passphrase: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  const options = { ...cost, maxmem: MOST_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (cause, key) =>
      cause ? reject(cause) : resolve(key),
    );
  });
}

function encrypt(key: Uint8Array, plain: Uint8Array, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(
    Buffer.from(`federome key file 1\n${context}`),
  );
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(key: Uint8Array, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(`federome key file 1\n${context}`))
    .setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, end)), decipher.final()]);
}

function needed(): NodeError {
  return new NodeError(
    'node/wrong-passphrase',
    'the key store has a passphrase: name the file that holds it in FEDEROME_PASSPHRASE_FILE',
    { publicMessage: 'the key store is closed' },
  );
}
