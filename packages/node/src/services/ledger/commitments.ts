import { hash } from 'node:crypto';
import { commitmentOf } from '@federome/core';

/** The entry of the log for an event's canonical JSON and its salt in hexadecimal. */
export function entryOf({ salt, event }: { readonly salt: string; readonly event: string }): Uint8Array {
  return commitmentOf(event, Buffer.from(salt, 'hex'), (bytes) => hash('sha256', bytes, 'buffer'));
}

/** Bytes in hexadecimal, as a key of a map. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** SHA-256 of texts, in hexadecimal, each set apart from the next. */
export function digestOfTexts(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts));
}
