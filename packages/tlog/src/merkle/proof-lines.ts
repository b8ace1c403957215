import { TlogError } from '../errors.ts';
import { fromBase64, toBase64 } from '../notes/base64.ts';
import { HASH_SIZE } from './hash.ts';

/** Hashes that a proof can have: the height of the largest tree. */
const MAX_PROOF_HASHES = 63;

/** The hashes of a proof, each as a line of base64. */
export function formatProofLines(proof: readonly Uint8Array[]): string {
  return proof.map((hash) => `${toBase64(hash)}\n`).join('');
}

/** Reads the lines of a proof, without newlines; throws `tlog/bad-proof`. */
export function parseProofLines(lines: readonly string[]): readonly Uint8Array[] {
  if (lines.length > MAX_PROOF_HASHES)
    throw new TlogError('tlog/bad-proof', `a proof has ${MAX_PROOF_HASHES} hashes at most`);
  return lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length === HASH_SIZE) return hash;
    throw new TlogError('tlog/bad-proof', `expected ${HASH_SIZE} bytes in base64, not ${line.slice(0, 100)}`);
  });
}
