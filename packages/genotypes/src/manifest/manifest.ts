import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ASSEMBLIES, type Assembly } from '@federome/core';
import type { AbsentPolicy } from '../api.ts';
import { GenotypeError } from '../errors.ts';
import { corruptFile } from '../segments/section.ts';
import type { SegmentEntry } from '../segments/segment.ts';
import { replaceDurably } from './durable-file.ts';

export const MANIFEST = 'manifest';
const FIRST_LINE = /^federome-genotypes 1 ([0-9a-f]{64})\n/;

/** A block of people; their names are in a file of their own, which never changes. */
export interface BlockEntry {
  readonly people: {
    readonly file: string;
    readonly bytes: number;
    readonly crc: number;
    readonly count: number;
  };
  /** Whether the people came with a file of genotypes, or are known by their records only. */
  readonly genotyped: boolean;
  /** Contigs for which genotypes of this block were ingested. */
  readonly contigs: readonly string[];
  /** Places whose people have moved to a block with genotypes; only where there are none here. */
  readonly moved: readonly number[];
}

/** An input file that was acknowledged. */
export interface IngestedFile {
  readonly sha256: string;
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  readonly variants: number;
  readonly samples: number;
}

/** What exists: whatever it does not name is not there. */
export interface Manifest {
  /** Grows by one with every change. */
  readonly generation: number;
  readonly assembly: Assembly;
  readonly absent: AbsentPolicy;
  readonly variants: number;
  readonly blocks: readonly BlockEntry[];
  readonly files: readonly IngestedFile[];
  readonly segments: readonly SegmentEntry[];
}

/** One line with the format and the SHA-256 of the rest, then JSON. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const json = JSON.stringify(manifest);
  return Buffer.from(
    `federome-genotypes 1 ${createHash('sha256').update(json).digest('hex')}\n${json}`,
    'utf8',
  );
}

/** Inverse of `encodeManifest`; `genotypes/corrupt` on anything else. */
export function decodeManifest(bytes: Buffer, path: string): Manifest {
  const head = FIRST_LINE.exec(bytes.subarray(0, 128).toString('latin1'));
  const json = bytes.subarray(head?.[0].length ?? 0);
  if (head === null || createHash('sha256').update(json).digest('hex') !== head[1]) throw corruptFile(path);
  // The checksum vouches for the shape: it was written by encodeManifest.
  const manifest = JSON.parse(json.toString('utf8')) as Manifest;
  if (!ASSEMBLIES.includes(manifest.assembly)) throw corruptFile(path);
  return manifest;
}

export async function readManifest(path: string): Promise<Manifest> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new GenotypeError('genotypes/no-store', 'there is no genotype store here', {
      cause,
      location: { file: path },
      publicMessage: 'no genotypes are stored',
    });
  }
  return decodeManifest(bytes, path);
}

/** Makes a new state of the store the state: afterwards it survives a crash, before it never was. */
export function writeManifest(path: string, manifest: Manifest): Promise<void> {
  return replaceDurably(path, encodeManifest(manifest));
}
