import { join } from 'node:path';
import { CodedError, PEOPLE_PER_BLOCK, PeopleSet } from '@federome/core';
import type { DataKeys } from './at-rest/data-keys.ts';
import { checkOnDisk } from './at-rest/scrub.ts';
import type { StoreSeal } from './at-rest/store-seal.ts';
import { Callability } from './callability/callability.ts';
import { GenotypeError } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import { MANIFEST } from './manifest/manifest.ts';
import { type ManifestFile, openManifest, readManifestFile } from './manifest/manifest-file.ts';
import { readPeople } from './manifest/people-file.ts';
import { COUNTS, SegmentCounter } from './queries/segment-counter.ts';
import { ByteCache } from './segments/cache.ts';
import { Segment, type SegmentEntry } from './segments/segment.ts';

/** Room for the index and a few pages of one segment. */
const CACHE_BYTES = 256 << 20;

/** What a scrub found: everything was read and compared with its checksums and counts. */
export interface VerifyReport {
  /** Files read, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  readonly sites: number;
  /** What is damaged; empty where the store is whole. */
  readonly faults: readonly { readonly file: string; readonly error: CodedError }[];
}

/**
 * Reads every byte of a store: each checksum is verified, and each site's carriers are counted again and compared with
 * the counts beside them. A fault does not end the scrub. Where the key is missing, that is a fault of the manifest, and
 * the bytes on the disk are compared with their checksums all the same.
 */
export async function verifyStore(
  directory: string,
  kernels: Kernels,
  keys: DataKeys | undefined,
): Promise<VerifyReport> {
  const faults: { file: string; error: CodedError }[] = [];
  const check = async (file: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      faults.push({ file, error });
    }
  };
  let file: ManifestFile;
  try {
    file = await readManifestFile(join(directory, MANIFEST));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { files: 1, bytes: 0, sites: 0, faults: [{ file: MANIFEST, error }] };
  }
  for (const { file: name, ...written } of file.envelope.files) {
    await check(name, () => checkOnDisk(join(directory, name), written));
  }
  const rotten = new Set(faults.map((fault) => fault.file));
  const checkContent = (name: string, work: () => Promise<unknown>) =>
    rotten.has(name) ? undefined : check(name, work);
  let sites = 0;
  await check(MANIFEST, async () => {
    const { manifest, seal } = await openManifest(file, keys);
    for (const { people } of manifest.blocks) {
      await checkContent(people.file, async () => readPeople(join(directory, people.file), people, seal));
    }
    for (const entry of manifest.segments) {
      await checkContent(entry.file, () => verifySegment(join(directory, entry.file), entry, kernels, seal));
      sites += entry.sites;
    }
    for (const entry of manifest.callability ?? []) {
      const path = join(directory, entry.file);
      await checkContent(entry.file, () => new Callability(path, entry, new ByteCache(0), seal).verify());
    }
  });
  const { files } = file.envelope;
  return { files: 1 + files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), sites, faults };
}

async function verifySegment(
  path: string,
  entry: SegmentEntry,
  kernels: Kernels,
  seal: StoreSeal | undefined,
): Promise<void> {
  const segment = new Segment(path, entry, new ByteCache(CACHE_BYTES), seal);
  const sites = await segment.sites();
  for (let row = 0; row < sites.size; row += 1) sites.site(row);
  const index = await segment.index();
  for (let page = 0; page < index.pages.sections.length; page += 1) await segment.page(page);
  for (let block = entry.firstBlock; block < entry.firstBlock + entry.blocks; block += 1) {
    const { pages } = await segment.block(block);
    for (let page = 0; page < pages.sections.length; page += 1) await segment.cellPage(block, page);
  }
  await recount(segment, kernels);
}

async function recount(segment: Segment, kernels: Kernels): Promise<void> {
  const { entry } = segment;
  const everyone = PeopleSet.range(
    entry.firstBlock * PEOPLE_PER_BLOCK,
    (entry.firstBlock + entry.blocks) * PEOPLE_PER_BLOCK,
  );
  const counter = new SegmentCounter(kernels, [everyone]);
  const { counts } = await counter.rows(segment, 0, entry.sites);
  const index = await segment.index();
  const people = index.span.people.reduce((sum, count) => sum + count, 0);
  const wrong = counts.findIndex((count, at) => {
    const row = Math.floor(at / COUNTS);
    const wholly = index.shared(index.missingPeople[row]!).count;
    const single = index.shared(index.missing[row]!).count + index.shared(index.absent[row]!).count;
    const an = 2 * people - 2 * wholly - single;
    const told = [index.ac[row], an, index.hom[row], index.hemi[row], wholly + index.both[row]!];
    return count !== told[at % COUNTS];
  });
  if (wrong >= 0) {
    throw new GenotypeError(
      'genotypes/corrupt',
      `the carriers of site ${Math.floor(wrong / COUNTS) + 1} are not as many as its counts say`,
      { location: { file: segment.path } },
    );
  }
}
