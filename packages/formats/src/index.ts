export { type ByteStream, type Compression, openByteStream } from './bytes/byte-stream.ts';
export * from './errors.ts';
export type { LocatedSubject } from './subjects/located.ts';
export * from './subjects/read-subjects.ts';
export { type OpenVcfOptions, openVcf } from './vcf/open.ts';
export * from './vcf/record.ts';
