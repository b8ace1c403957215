import { CoreError } from '../errors.ts';
import type { Json, LedgerEvent } from './event.ts';

const FORMAT = 'federome-receipt 1';
const SALT = /^[0-9a-f]{64}$/;

/**
 * That an event is in a ledger, for whoever keeps it: event and salt make the entry, the proof shows the entry in the log.
 * It stays verifiable when the ledger's owner has erased the event.
 */
export interface LedgerReceipt {
  readonly format: typeof FORMAT;
  readonly event: LedgerEvent;
  /** 32 bytes in hexadecimal. */
  readonly salt: string;
  /** C2SP tlog-proof: index, audit path, checkpoint with its cosignatures. */
  readonly proof: string;
}

/** A receipt of its parts. */
export function ledgerReceipt(event: LedgerEvent, salt: string, proof: string): LedgerReceipt {
  return { format: FORMAT, event, salt, proof };
}

/** Holds a value to the form of a receipt; nothing of it is true yet. Throws `core/bad-receipt`. */
export function readLedgerReceipt(value: unknown): LedgerReceipt {
  const given = members(value, ['format', 'event', 'salt', 'proof'], 'it');
  if (given.format !== FORMAT) throw bad(`its format is not '${FORMAT}'`);
  if (typeof given.salt !== 'string' || !SALT.test(given.salt))
    throw bad('its salt is not 64 hexadecimal digits');
  if (typeof given.proof !== 'string') throw bad('it has no proof');
  return ledgerReceipt(readLedgerEvent(given.event), given.salt, given.proof);
}

/** Holds a value to the form of an event. Throws `core/bad-receipt`. */
export function readLedgerEvent(value: unknown): LedgerEvent {
  const { type, at, data } = members(value, ['type', 'at', 'data'], 'its event');
  if (typeof type !== 'string' || typeof at !== 'string' || !isJsonObject(data))
    throw bad('its event has no type, instant and data');
  return { type, at, data };
}

function members<const Key extends string>(
  value: unknown,
  keys: readonly Key[],
  what: string,
): { readonly [Each in Key]?: unknown } {
  const known: readonly string[] = keys;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${what} is no object`);
  if (Object.keys(value).some((key) => !known.includes(key)))
    throw bad(`${what} has other members than ${keys.join(', ')}`);
  return value;
}

function isJsonObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(why: string): CoreError {
  return new CoreError('core/bad-receipt', `this is no receipt of a ledger: ${why}`);
}
