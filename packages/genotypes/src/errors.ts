import { CodedError } from '@federome/core';

/** Every way in which a genotype store refuses or fails. */
export type GenotypeErrorCode =
  | 'genotypes/no-store'
  | 'genotypes/store-exists'
  | 'genotypes/corrupt'
  | 'genotypes/other-version'
  | 'genotypes/locked'
  | 'genotypes/samples-reordered'
  | 'genotypes/samples-overlap'
  | 'genotypes/duplicate-variant'
  | 'genotypes/wrong-assembly'
  | 'genotypes/no-samples'
  | 'genotypes/no-quality'
  | 'genotypes/renumbered'
  | 'genotypes/unknown-sample'
  | 'genotypes/duplicate-sample'
  | 'genotypes/disk-full'
  | 'genotypes/key-missing';

/** A refusal or failure of a genotype store. */
export class GenotypeError extends CodedError<GenotypeErrorCode> {}
