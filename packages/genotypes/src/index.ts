export * from './api.ts';
export type * from './at-rest/data-keys.ts';
export { unwrapKey, wrapKey } from './at-rest/key-wrap.ts';
export { MemoryKeys } from './at-rest/memory-keys.ts';
export * from './errors.ts';
export type { ExportOptions } from './queries/export-vcf.ts';
export { GenotypeStore, type StoreOptions } from './store.ts';
export type { VerifyReport } from './verify.ts';
