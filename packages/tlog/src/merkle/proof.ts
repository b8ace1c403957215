import { TlogError } from '../errors.ts';
import { EMPTY_ROOT, HASH_SIZE, nodeHash, sameHash } from './hash.ts';

/** The hash of the leaves [from, to) of a tree; `from` is a multiple of the largest power of two below the length. */
export type SubtreeHash = (from: number, to: number) => Promise<Uint8Array>;

/** The largest power of two smaller than `count` (RFC 6962 calls it k); `count` ≥ 2. */
export function splitPoint(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** Audit path of leaf `index` in the tree of `size` leaves, from the leaf up (RFC 6962, section 2.1.1). */
export function inclusionProof(
  index: number,
  size: number,
  subtree: SubtreeHash,
): Promise<readonly Uint8Array[]> {
  requireIndex(index, size);
  return path(index, 0, size, subtree);
}

async function path(index: number, from: number, to: number, subtree: SubtreeHash): Promise<Uint8Array[]> {
  if (to - from === 1) return [];
  const middle = from + splitPoint(to - from);
  return index < middle
    ? [...(await path(index, from, middle, subtree)), await subtree(middle, to)]
    : [...(await path(index, middle, to, subtree)), await subtree(from, middle)];
}

/** That the tree of `size` leaves begins with that of `oldSize` (RFC 6962, section 2.1.2); empty where one is trivial. */
export async function consistencyProof(
  oldSize: number,
  size: number,
  subtree: SubtreeHash,
): Promise<readonly Uint8Array[]> {
  requireSizes(oldSize, size);
  return oldSize === 0 || oldSize === size ? [] : subproof(oldSize, 0, size, true, subtree);
}

async function subproof(
  oldSize: number,
  from: number,
  to: number,
  known: boolean,
  subtree: SubtreeHash,
): Promise<Uint8Array[]> {
  if (oldSize === to) return known ? [] : [await subtree(from, to)];
  const middle = from + splitPoint(to - from);
  return oldSize <= middle
    ? [...(await subproof(oldSize, from, middle, known, subtree)), await subtree(middle, to)]
    : [...(await subproof(oldSize, middle, to, false, subtree)), await subtree(from, middle)];
}

/** Checks that `leaf` is at `index` of the tree of `size` leaves with that root; throws `tlog/bad-proof`. */
export function verifyInclusion(
  proof: readonly Uint8Array[],
  { index, size, leaf, root }: { index: number; size: number; leaf: Uint8Array; root: Uint8Array },
): void {
  requireIndex(index, size);
  const hashes = new ProofHashes(proof);
  const computed = rootOfPath(index, 0, size, leaf, hashes);
  if (!hashes.isSpent() || !sameHash(computed, root))
    throw new TlogError('tlog/bad-proof', `the proof does not place entry ${index} in the tree of ${size}`);
}

function rootOfPath(
  index: number,
  from: number,
  to: number,
  leaf: Uint8Array,
  hashes: ProofHashes,
): Uint8Array {
  if (to - from === 1) return leaf;
  const middle = from + splitPoint(to - from);
  if (index < middle) return nodeHash(rootOfPath(index, from, middle, leaf, hashes), hashes.next());
  const right = rootOfPath(index, middle, to, leaf, hashes);
  return nodeHash(hashes.next(), right);
}

/** Checks that the tree (`size`, `root`) begins with the tree (`oldSize`, `oldRoot`); throws `tlog/bad-proof`. */
export function verifyConsistency(
  proof: readonly Uint8Array[],
  { oldSize, oldRoot, size, root }: { oldSize: number; oldRoot: Uint8Array; size: number; root: Uint8Array },
): void {
  requireSizes(oldSize, size);
  const hashes = new ProofHashes(proof);
  const [old, current] =
    oldSize === 0
      ? [EMPTY_ROOT, root]
      : oldSize === size
        ? [root, root]
        : rootsOfSubproof(oldSize, 0, size, oldRoot, hashes);
  if (!hashes.isSpent() || !sameHash(old, oldRoot) || !sameHash(current, root))
    throw new TlogError(
      'tlog/bad-proof',
      `the tree of ${size} was not shown to begin with that of ${oldSize}`,
    );
}

function rootsOfSubproof(
  oldSize: number,
  from: number,
  to: number,
  known: Uint8Array | undefined,
  hashes: ProofHashes,
): readonly [Uint8Array, Uint8Array] {
  if (oldSize === to) {
    const both = known ?? hashes.next();
    return [both, both];
  }
  const middle = from + splitPoint(to - from);
  if (oldSize <= middle) {
    const [old, left] = rootsOfSubproof(oldSize, from, middle, known, hashes);
    return [old, nodeHash(left, hashes.next())];
  }
  const [old, right] = rootsOfSubproof(oldSize, middle, to, undefined, hashes);
  const left = hashes.next();
  return [nodeHash(left, old), nodeHash(left, right)];
}

/** The hashes of a proof, taken one after the other. */
class ProofHashes {
  readonly #hashes: readonly Uint8Array[];
  #at = 0;

  constructor(hashes: readonly Uint8Array[]) {
    this.#hashes = hashes;
  }

  next(): Uint8Array {
    const hash = this.#hashes[this.#at++];
    if (hash === undefined || hash.length !== HASH_SIZE)
      throw new TlogError('tlog/bad-proof', `the proof lacks hash ${this.#at} of ${HASH_SIZE} bytes`);
    return hash;
  }

  isSpent(): boolean {
    return this.#at === this.#hashes.length;
  }
}

function requireIndex(index: number, size: number): void {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new TlogError('tlog/out-of-range', `entry ${index} is not in the tree of ${size}`);
}

function requireSizes(oldSize: number, size: number): void {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size)
    throw new TlogError('tlog/out-of-range', `a tree of ${size} does not begin with one of ${oldSize}`);
}
