import type { StoreSeal } from '../at-rest/store-seal.ts';
import { StoredFile } from '../at-rest/stored-file.ts';
import type { ByteCache } from '../segments/cache.ts';
import { corruptFile } from '../segments/section.ts';
import { setState } from './builder.ts';
import {
  type CallabilityEntry,
  type Called,
  decodeHeader,
  decodeIndex,
  decodePage,
  type Page,
  type PageEntry,
  wordsOf,
} from './format.ts';

interface Index {
  readonly pages: readonly PageEntry[];
  /** Where pages begin in the file. */
  readonly start: number;
}

/** Where the people of one block were called on one contig. Whatever is read has its checksum verified first. */
export class Callability {
  readonly entry: CallabilityEntry;
  readonly path: string;
  readonly #cache: ByteCache;
  readonly #file: Pick<StoredFile, 'read'>;

  constructor(
    path: string,
    entry: CallabilityEntry,
    cache: ByteCache,
    seal: StoreSeal | undefined,
    file: Pick<StoredFile, 'read'> = new StoredFile(path, entry.bytes, seal),
  ) {
    this.path = path;
    this.entry = entry;
    this.#cache = cache;
    this.#file = file;
  }

  /** Who is called in the whole of `[start, end)`, with the copies that they have at its start. */
  async calledIn(start: number, end: number): Promise<Called> {
    const index = await this.#index();
    let place = lastThatBegins(index.pages, start);
    const { two, one } = await this.#stateAt(index, place, start);
    for (place = Math.max(0, place); (index.pages[place]?.first ?? end) < end; place += 1) {
      const { positions, places, copies } = await this.#page(index, place);
      for (let at = lowerBound(positions, start + 1); at < positions.length && positions[at]! < end; at += 1)
        if (copies[at] === 0) setState(two, one, places[at]!, 0);
    }
    return { two, one };
  }

  /** Every change from `start` on, after the state of everyone before it, page by page. */
  async *from(start: number): AsyncGenerator<Page> {
    const index = await this.#index();
    const first = lastThatBegins(index.pages, start - 1);
    if (first < 0) {
      const words = wordsOf(this.entry.people);
      yield {
        before: { two: new Uint32Array(words), one: new Uint32Array(words) },
        positions: new Int32Array(0),
        places: new Uint16Array(0),
        copies: new Uint8Array(0),
      };
    }
    for (let place = Math.max(0, first); place < index.pages.length; place += 1)
      yield await this.#page(index, place);
  }

  /** Reads every byte: each page's checksum holds, and each page begins with what the changes before it lead to. */
  async verify(): Promise<void> {
    const words = wordsOf(this.entry.people);
    const [two, one] = [new Uint32Array(words), new Uint32Array(words)];
    for await (const { before, positions, places, copies } of this.from(-1)) {
      const agrees =
        before.two.every((word, at) => word === two[at]) && before.one.every((word, at) => word === one[at]);
      if (!agrees) throw corruptFile(this.path);
      for (let at = 0; at < positions.length; at += 1) setState(two, one, places[at]!, copies[at]!);
    }
  }

  async #stateAt(
    index: Index,
    place: number,
    position: number,
  ): Promise<{ two: Uint32Array; one: Uint32Array }> {
    const words = wordsOf(this.entry.people);
    if (place < 0) return { two: new Uint32Array(words), one: new Uint32Array(words) };
    const { before, positions, places, copies } = await this.#page(index, place);
    const [two, one] = [before.two.slice(), before.one.slice()];
    for (let at = 0; at < positions.length && positions[at]! <= position; at += 1)
      setState(two, one, places[at]!, copies[at]!);
    return { two, one };
  }

  #index(): Promise<Index> {
    const { headerBytes } = this.entry;
    return this.#cache.get(`${this.path}:i`, async () => {
      const header = decodeHeader(await this.#file.read(0, headerBytes), this.entry, this.path);
      const { storedBytes } = header.index;
      const pages = decodeIndex(header, await this.#file.read(headerBytes, storedBytes), this.path);
      return { value: { pages, start: headerBytes + storedBytes }, bytes: 160 * pages.length };
    });
  }

  #page({ pages, start }: Index, place: number): Promise<Page> {
    const entry = pages[place]!;
    return this.#cache.get(`${this.path}:p${place}`, async () => {
      const stored = await this.#file.read(start + entry.start, entry.section.storedBytes);
      const value = decodePage(entry, this.entry.people, stored, this.path);
      return { value, bytes: 7 * entry.changes + 8 * wordsOf(this.entry.people) };
    });
  }
}

/** The last page whose first change is at or before the position; −1 where there is none. */
function lastThatBegins(pages: readonly PageEntry[], position: number): number {
  let low = 0;
  let high = pages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pages[middle]!.first <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the first position that is not below. */
export function lowerBound(positions: Int32Array, position: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (positions[middle]! < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
