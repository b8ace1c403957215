import { CodedError } from '@federome/core';

export type GenotypeErrorCode =
  | 'genotypes/no-store'
  | 'genotypes/store-exists'
  | 'genotypes/corrupt'
  | 'genotypes/locked'
  | 'genotypes/samples-reordered'
  | 'genotypes/samples-overlap'
  | 'genotypes/duplicate-variant'
  | 'genotypes/wrong-assembly'
  | 'genotypes/no-samples'
  | 'genotypes/unknown-sample'
  | 'genotypes/disk-full';

export class GenotypeError extends CodedError<GenotypeErrorCode> {}
