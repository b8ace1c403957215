import { CodedError } from '@federome/core';

/** Every way in which an input file is refused. Each error carries the file, and line and column where there are any. */
export type FormatErrorCode =
  | 'formats/file-not-readable'
  | 'formats/truncated'
  | 'formats/corrupt-compression'
  | 'formats/line-too-long'
  | 'formats/kernels-not-built'
  | 'formats/not-vcf'
  | 'formats/vcf-version'
  | 'formats/vcf-header'
  | 'formats/vcf-column'
  | 'formats/vcf-unsorted'
  | 'formats/vcf-duplicate'
  | 'formats/vcf-duplicate-sample'
  | 'formats/vcf-genotype'
  | 'formats/vcf-contig'
  | 'formats/bcf-version'
  | 'formats/bcf-record'
  | 'formats/position-beyond-contig'
  | 'formats/reference-mismatch'
  | 'formats/wrong-assembly'
  | 'formats/fasta'
  | 'formats/json'
  | 'formats/phenopacket'
  | 'formats/individual'
  | 'formats/table'
  | 'formats/missing-column'
  | 'formats/mapping'
  | 'formats/ontology'
  | 'formats/archive'
  | 'formats/unknown-format';

/** An input file that is refused, with its place. */
export class FormatError extends CodedError<FormatErrorCode> {}
