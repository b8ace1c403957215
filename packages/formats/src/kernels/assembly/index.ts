// AssemblyScript, compiled by build.mjs to build/kernels.wasm. The memory is imported and may be shared by threads:
// kernels keep nothing between calls but what lies where their caller says, and static data are constants.

export { checksumOfInflated, inflate, prepareInflate } from './inflate';
export { move } from './move';
export { scanPairs } from './pairs';
export { newlineAt, scanColumns, scanFixed } from './scan';
