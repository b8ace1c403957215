import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ASSEMBLIES, type Assembly } from '@federome/core';
import type { AbsentPolicy } from '../api.ts';
import type { DataKeys, WrappedDataKey } from '../at-rest/data-keys.ts';
import { SALT_BYTES, StoreSeal } from '../at-rest/store-seal.ts';
import type { FileOnDisk } from '../at-rest/stored-file.ts';
import { GenotypeError } from '../errors.ts';
import { corruptFile } from '../segments/section.ts';
import { replaceDurably } from './durable-file.ts';
import { filesOf, type Manifest } from './manifest.ts';

const VERSION = 2;
const FIRST_LINE = /^federome-genotypes (\d+) ([0-9a-f]{64})\n/;
const NEWLINE = 10;

/** The part of a manifest that anyone may read who may list the directory. */
export interface Envelope {
  readonly store: string;
  readonly generation: number;
  /** The store's data key; `null` where the store is plain. */
  readonly sealed: WrappedDataKey | null;
  readonly files: readonly (FileOnDisk & { readonly file: string })[];
}

/** A manifest as it lies on the disk. */
export interface ManifestFile {
  readonly path: string;
  readonly envelope: Envelope;
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** Reads a manifest as far as it goes without a key. `genotypes/no-store`, `genotypes/corrupt`, `genotypes/other-version`. */
export async function readManifestFile(path: string): Promise<ManifestFile> {
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
  const first = FIRST_LINE.exec(bytes.subarray(0, 128).toString('latin1'));
  if (first === null) throw corruptFile(path);
  const rest = bytes.subarray(first[0].length);
  const version = Number(first[1]);
  if (digestOf(version, rest) !== first[2]) throw corruptFile(path);
  if (version !== VERSION) throw otherVersion(path, version);
  const headBytes = rest.indexOf(NEWLINE) + 1;
  const head = rest.subarray(0, headBytes);
  return {
    path,
    // The digest vouches for the shape: it was written by encodeManifest.
    envelope: JSON.parse(head.toString('utf8')) as Envelope,
    head,
    body: rest.subarray(headBytes),
  };
}

/**
 * Opens what `readManifestFile` read. Of a sealed store everything is authenticated with the store's key, the envelope
 * too. `opened` saves asking the key store where it is the store's. Throws `genotypes/key-missing` without keys, and what
 * the key store throws.
 */
export async function openManifest(
  file: ManifestFile,
  keys: DataKeys | undefined,
  opened?: StoreSeal,
): Promise<{ readonly manifest: Manifest; readonly seal: StoreSeal | undefined }> {
  const { path, body, head, envelope } = file;
  const { store, generation, sealed } = envelope;
  const seal = sealed === null ? undefined : await sealOf(file, sealed, keys, opened);
  const json = seal === undefined ? body : openBody(seal, path, body, head);
  const manifest = JSON.parse(Buffer.from(json).toString('utf8')) as Manifest;
  if (
    !ASSEMBLIES.includes(manifest.assembly) ||
    manifest.store !== store ||
    manifest.generation !== generation
  )
    throw corruptFile(path);
  return { manifest, seal };
}

/**
 * Makes a new, empty store the store, under a new key of the key store where one is given. In the place of another it
 * begins with the next generation, so that no file of the two has the same name, and with another numbering of people.
 */
export async function writeEmptyManifest(
  path: string,
  { assembly, absent }: { readonly assembly: Assembly; readonly absent: AbsentPolicy },
  keys: DataKeys | undefined,
  generation = 1,
): Promise<void> {
  const store = randomUUID();
  const seal = keys === undefined ? undefined : await StoreSeal.create(keys, store);
  const numbering = generation === 1 ? 0 : generation;
  const nothing = { generation, numbering, variants: 0, blocks: [], files: [], segments: [] };
  await writeManifest(path, { store, assembly, absent, ...nothing }, seal);
  seal?.close();
}

/** Makes a new state of the store the state: afterwards it survives a crash, before it never was. */
export async function writeManifest(
  path: string,
  manifest: Manifest,
  seal: StoreSeal | undefined,
): Promise<void> {
  await replaceDurably(path, encodeManifest(path, manifest, seal));
}

/** A line with the version and a SHA-256 of it and the rest; a line of JSON, the envelope; the manifest's JSON, sealed or not. */
export function encodeManifest(path: string, manifest: Manifest, seal: StoreSeal | undefined): Uint8Array {
  const envelope: Envelope = {
    store: manifest.store,
    generation: manifest.generation,
    sealed: seal?.wrapped ?? null,
    files: filesOf(manifest),
  };
  const head = Buffer.from(`${JSON.stringify(envelope)}\n`, 'utf8');
  const json = Buffer.from(JSON.stringify(manifest), 'utf8');
  const file = seal?.newFile(path);
  const body = file === undefined ? [json] : [file.salt, file.seal(0, json, head)];
  const rest = Buffer.concat([head, ...body]);
  const digest = digestOf(VERSION, rest);
  return Buffer.concat([Buffer.from(`federome-genotypes ${VERSION} ${digest}\n`, 'latin1'), rest]);
}

/** The first version's was of the rest alone, so that a flipped bit in the version made it another. */
function digestOf(version: number, rest: Uint8Array): string {
  const hash = createHash('sha256');
  if (version !== 1) hash.update(`${version}\n`);
  return hash.update(rest).digest('hex');
}

async function sealOf(
  { path, envelope: { store } }: ManifestFile,
  sealed: WrappedDataKey,
  keys: DataKeys | undefined,
  opened: StoreSeal | undefined,
): Promise<StoreSeal> {
  if (opened?.store === store && opened.wrapped.wrapped === sealed.wrapped) return opened;
  if (keys !== undefined) return await StoreSeal.open(keys, store, sealed);
  throw new GenotypeError(
    'genotypes/key-missing',
    `the store is encrypted under the key ${sealed.key}, and no key store was given`,
    { location: { file: path }, publicMessage: 'the key of stored genotypes is missing' },
  );
}

function openBody(seal: StoreSeal, path: string, body: Uint8Array, head: Uint8Array): Uint8Array {
  if (body.length < SALT_BYTES) throw corruptFile(path);
  return seal.file(path, body.subarray(0, SALT_BYTES)).open(0, body.subarray(SALT_BYTES), head);
}

function otherVersion(path: string, version: number): GenotypeError {
  return new GenotypeError(
    'genotypes/other-version',
    `the store has version ${version}, and this program reads version ${VERSION}: make the dataset anew and ingest its files again`,
    { location: { file: path }, publicMessage: 'stored genotypes are of another version' },
  );
}
