import { canonicalJson } from './canonical-json.ts';
import type { LedgerEvent } from './event.ts';

/** Bytes of the salt of a commitment. */
export const SALT_SIZE = 32;

/** Sets these hashes apart from any other use of SHA-256. */
const DOMAIN = 'federome ledger entry 1\n';

/** SHA-256; given, as this package computes nothing by itself. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** How an event is stored and committed to: its canonical JSON. Throws `core/not-json`. */
export function eventText({ type, at, data }: LedgerEvent): string {
  return canonicalJson({ type, at, data });
}

/**
 * What the log holds of an event: SHA-256 over a domain tag, 32 random bytes and the event's canonical JSON. Whoever has
 * both can show what was meant; without the salt nobody can, not even by trying every event there could be.
 */
export function commitmentOf(text: string, salt: Uint8Array, sha256: Sha256): Uint8Array {
  if (salt.length !== SALT_SIZE) throw new RangeError(`a salt has ${SALT_SIZE} bytes, not ${salt.length}`);
  const [domain, event] = [DOMAIN, text].map((part) => new TextEncoder().encode(part));
  const bytes = new Uint8Array(domain!.length + SALT_SIZE + event!.length);
  bytes.set(domain!);
  bytes.set(salt, domain!.length);
  bytes.set(event!, domain!.length + SALT_SIZE);
  return sha256(bytes);
}
