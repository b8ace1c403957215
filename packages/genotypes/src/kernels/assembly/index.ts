// AssemblyScript, compiled by build.mjs to build/kernels.wasm. Same contracts as scalar.ts: see kernels.ts for the
// preconditions. All pointers are byte offsets into the exported memory; nothing is allocated here.
export { countDifferences, countLists, countPlanes, flipCell, flipList, loadCell } from './count';
export { encodeCell, encodeList, scatter } from './encode';
