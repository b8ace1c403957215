import { TlogError } from '../errors.ts';

const TIME_SIZE = 8;

/** What a witness signs: the checkpoint's text after the time of signing in seconds (C2SP tlog-cosignature, v1). */
export function cosignedMessage(checkpointText: string, time: number): string {
  return `cosignature/v1\ntime ${time}\n${checkpointText}`;
}

/** The bytes of a timestamped signature, apart. */
export function readCosignature(signature: Uint8Array): { time: number; bytes: Uint8Array } {
  if (signature.length < TIME_SIZE) throw new TlogError('tlog/bad-signature', 'a cosignature lacks its time');
  const time = new DataView(signature.buffer, signature.byteOffset, TIME_SIZE).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER))
    throw new TlogError('tlog/bad-signature', `the time of a cosignature is too large: ${time}`);
  return { time: Number(time), bytes: signature.subarray(TIME_SIZE) };
}

/** The bytes of a timestamped signature. */
export function writeCosignature(time: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TIME_SIZE + signature.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  bytes.set(signature, TIME_SIZE);
  return bytes;
}
