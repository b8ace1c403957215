import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TreeEdge } from './edge.ts';
import { EMPTY_ROOT, leafHash, nodeHash } from './hash.ts';
import {
  consistencyProof,
  inclusionProof,
  type SubtreeHash,
  splitPoint,
  verifyConsistency,
  verifyInclusion,
} from './proof.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The definition of RFC 6962, section 2.1, word for word: slow, and easy to believe. */
function merkleTreeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  const split = splitPoint(leaves.length);
  return nodeHash(merkleTreeHash(leaves.slice(0, split)), merkleTreeHash(leaves.slice(split)));
}

const leaves = Array.from({ length: 1100 }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));
const root = (size: number) => merkleTreeHash(leaves.slice(0, size));
const subtree: SubtreeHash = async (from, to) => merkleTreeHash(leaves.slice(from, to));

const INPUTS = [
  '', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f',
]; // biome-ignore format: a table
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the trees of the Certificate Transparency test vectors have their published roots', () => {
  const edge = new TreeEdge();
  const roots = [hex(edge.root())];
  for (const input of INPUTS) {
    edge.append(leafHash(Buffer.from(input, 'hex')));
    roots.push(hex(edge.root()));
  }
  expect(roots).toEqual(ROOTS);
});

test('a growing edge has the root of the definition at every size, also when it is restored in between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1100 }), fc.integer({ min: 0, max: 1100 }), (one, other) => {
      const [cut, size] = [Math.min(one, other), Math.max(one, other)];
      const before = new TreeEdge();
      for (const leaf of leaves.slice(0, cut)) before.append(leaf);
      const after = TreeEdge.restore(cut, before.partialTiles());
      for (const leaf of leaves.slice(cut, size)) after.append(leaf);
      expect(after.size).toBe(size);
      expect(hex(after.root())).toBe(hex(root(size)));
    }),
    { numRuns: 40 },
  );
});

test('an edge restored from a tree of millions goes on as one that never stopped', () => {
  const tiles: string[] = [];
  const edge = new TreeEdge((tile) => tiles.push(`${tile.level}/${tile.index}/${hex(tile.hashes)}`));
  const restored: string[] = [];
  for (let at = 0; at < 65_500; at++) edge.append(leaves[at % 1000]!);
  tiles.length = 0;
  const other = TreeEdge.restore(edge.size, edge.partialTiles(), (tile) =>
    restored.push(`${tile.level}/${tile.index}/${hex(tile.hashes)}`),
  );
  for (let at = 0; at < 600; at++) for (const each of [edge, other]) each.append(leaves[at]!);
  expect(tiles.map((tile) => tile.split('/', 2).join('/'))).toEqual(['0/255', '1/0', '0/256', '0/257']);
  expect(restored).toEqual(tiles);
  expect(hex(other.root())).toBe(hex(edge.root()));
});

test('every inclusion proof verifies, and no changed one does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), async (size, which, change) => {
      const index = which % size;
      const proof = await inclusionProof(index, size, subtree);
      const claim = { index, size, leaf: leaves[index]!, root: root(size) };
      verifyInclusion(proof, claim);
      const refused = (hashes: readonly Uint8Array[], changed: Partial<typeof claim>) =>
        expect(() => verifyInclusion(hashes, { ...claim, ...changed })).toThrow(
          expect.objectContaining({ code: 'tlog/bad-proof' }),
        );
      refused(proof, { leaf: leaves[index + 1]! });
      refused(proof, { root: root(size + 1) });
      refused([...proof, leaves[0]!], {});
      if (size > 1) {
        refused(proof.slice(1), {});
        refused(
          proof.map((hash, at) => (at === change % proof.length ? leaves[1001]! : hash)),
          {},
        );
        refused(proof, { index: (index + 1) % size });
      }
    }),
    { numRuns: 60 },
  );
});

test('every consistency proof verifies, and no changed one does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), async (size, old, change) => {
      const oldSize = 1 + (old % size);
      const proof = await consistencyProof(oldSize, size, subtree);
      const claim = { oldSize, oldRoot: root(oldSize), size, root: root(size) };
      verifyConsistency(proof, claim);
      const refused = (hashes: readonly Uint8Array[], changed: Partial<typeof claim>) =>
        expect(() => verifyConsistency(hashes, { ...claim, ...changed })).toThrow(
          expect.objectContaining({ code: 'tlog/bad-proof' }),
        );
      refused(proof, { oldRoot: leaves[1001]! });
      refused(proof, { root: leaves[1001]! });
      refused([...proof, leaves[0]!], {});
      if (proof.length > 0) {
        refused(proof.slice(0, -1), {});
        refused(
          proof.map((hash, at) => (at === change % proof.length ? leaves[1001]! : hash)),
          {},
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('the empty tree begins every tree, with an empty proof and its own root only', () => {
  const claim = { oldSize: 0, oldRoot: EMPTY_ROOT, size: 5, root: root(5) };
  verifyConsistency([], claim);
  expect(() => verifyConsistency([], { ...claim, oldRoot: root(1) })).toThrow(/not shown/);
  expect(() => verifyConsistency([leaves[0]!], claim)).toThrow(/not shown/);
});

test('an entry or a size beyond the tree is out of range', async () => {
  const outOfRange = expect.objectContaining({ code: 'tlog/out-of-range' });
  expect(() => inclusionProof(5, 5, subtree)).toThrow(outOfRange);
  expect(() => verifyInclusion([], { index: -1, size: 5, leaf: leaves[0]!, root: root(5) })).toThrow(
    outOfRange,
  );
  await expect(consistencyProof(6, 5, subtree)).rejects.toThrow(outOfRange);
});
