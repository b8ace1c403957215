export * from './errors.ts';
export * from './log/directory-storage.ts';
export { readLog } from './log/files.ts';
export * from './log/memory-storage.ts';
export * from './log/storage.ts';
export * from './log/tile-log.ts';
export * from './log/verify-log.ts';
export { type EdgeTiles, type FullTile, TILE_WIDTH, TreeEdge } from './merkle/edge.ts';
export * from './merkle/hash.ts';
export { verifyConsistency, verifyInclusion } from './merkle/proof.ts';
export * from './notes/checkpoint.ts';
export * from './notes/key.ts';
export * from './notes/note.ts';
export {
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
  quorumOf,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from './notes/policy.ts';
export * from './notes/policy-text.ts';
export * from './notes/signer.ts';
export * from './receipts/receipt.ts';
export * from './tiles/bundle.ts';
export * from './tiles/path.ts';
export { type ReadPath, TileReader } from './tiles/reader.ts';
export * from './witness/cosign.ts';
export * from './witness/memory-store.ts';
export * from './witness/request.ts';
export * from './witness/witness.ts';
