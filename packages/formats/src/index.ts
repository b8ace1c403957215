export { type ByteStream, type Compression, openByteStream } from './bytes/byte-stream.ts';
export * from './errors.ts';
export { openInput, utf8Text } from './input/open.ts';
export type { LocatedSubject } from './subjects/located.ts';
export * from './subjects/read-subjects.ts';
export { openTable, type Table, type TableRow } from './tables/table.ts';
export { type OpenVcfOptions, openVcf } from './vcf/open.ts';
export * from './vcf/record.ts';
