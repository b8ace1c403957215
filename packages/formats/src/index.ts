export * from './errors.ts';
export * from './vcf/record.ts';
