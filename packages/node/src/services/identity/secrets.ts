import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 128 MiB and about 0.3 s: what a guess costs whoever took the database. */
const COST = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1_048_576 } as const;

/** 256 random bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** 128 random bits, hexadecimal: a name that says nothing. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/** SHA-256 of a secret of full entropy, base64url. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}

/** Encrypts text under a secret of full entropy (AES-256-GCM): only who has the secret reads it. */
export function seal(text: string, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** Inverse of `seal`; `undefined` where the secret is another. */
export function unseal(sealed: string, secret: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** What is stored of a passphrase (RFC 7914), with its salt and cost. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `scrypt-17-8-1$${salt.toString('base64url')}$${(await derive(passphrase, salt)).toString('base64url')}`;
}

/** Whether a passphrase is the one that was stored; takes as long where none was. */
export async function isPassphrase(passphrase: string, stored: string | undefined): Promise<boolean> {
  const [, salt, hash] = stored?.split('$') ?? [];
  const derived = await derive(passphrase, Buffer.from(salt ?? 'nobody', 'base64url'));
  const expected = Buffer.from(hash ?? '', 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'federome id token', 32));
}

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(passphrase.normalize('NFKC'), salt, HASH_BYTES, COST, (error, key) =>
    error === null ? resolve(key) : reject(error),
  );
  return promise;
}
