import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { GenotypeError } from '../errors.ts';

/** What a segment knows of a stretch of its bytes: lengths stored and unpacked, and the CRC-32 of the stored bytes. */
export interface Section {
  readonly storedBytes: number;
  /** Equal to `storedBytes` where the stretch is stored as it is, else it is one zstd frame. */
  readonly rawBytes: number;
  readonly crc: number;
}

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** Compresses where that saves a tenth or more, and is not ruled out. */
export function packSection(
  raw: Uint8Array,
  compress = true,
): { readonly section: Section; readonly bytes: Uint8Array } {
  const packed = raw.length < 64 || !compress ? raw : zstdCompressSync(raw, LEVEL);
  const bytes = packed.length < 0.9 * raw.length ? packed : raw;
  return { section: { storedBytes: bytes.length, rawBytes: raw.length, crc: crc32(bytes) }, bytes };
}

/** Inverse of `packSection`; `genotypes/corrupt` where the checksum does not hold. */
export function unpackSection(section: Section, bytes: Uint8Array, file: string): Uint8Array {
  if (bytes.length !== section.storedBytes || crc32(bytes) !== section.crc) throw corruptFile(file);
  if (section.rawBytes === section.storedBytes) return bytes;
  try {
    const raw = zstdDecompressSync(bytes, { maxOutputLength: section.rawBytes });
    if (raw.length === section.rawBytes) return raw;
  } catch (cause) {
    throw corruptFile(file, cause);
  }
  throw corruptFile(file);
}

export function corruptFile(file: string, cause?: unknown): GenotypeError {
  return new GenotypeError(
    'genotypes/corrupt',
    'the checksum does not hold: the file was damaged after it was written',
    {
      location: { file },
      publicMessage: 'stored genotypes are damaged',
      cause,
    },
  );
}
