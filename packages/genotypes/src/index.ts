export * from './api.ts';
export * from './errors.ts';
export type { ExportOptions } from './queries/export-vcf.ts';
export { GenotypeStore, type StoreOptions } from './store.ts';
export type { VerifyReport } from './verify.ts';
