import type { ByteCache } from '../segments/cache.ts';
import { CallabilityBuilder } from './builder.ts';
import { Callability } from './callability.ts';
import type { Changes } from './format.ts';

/** A person's change; later ones of the same place come later. */
interface Change {
  readonly position: number;
  readonly place: number;
  readonly copies: number;
}

/** Where either says that someone is called: with the copies that the second says, where both do. */
export async function unionOf(
  path: string,
  before: Callability,
  added: CallabilityBuilder,
  cache: ByteCache,
): Promise<CallabilityBuilder> {
  const { parts, entry } = added.finish();
  const bytes = Buffer.concat(parts);
  const stored = { bytes: 0, crc: 0 };
  const now = new Callability(path, { ...entry, file: '', stored }, cache, undefined, {
    read: async (at, length) => bytes.subarray(at, at + length),
  });
  const union = new CallabilityBuilder(added.contig, added.block, added.people);
  const states = [new Uint8Array(added.people), new Uint8Array(added.people)] as const;
  const sources = [changesOf(before), changesOf(now)] as const;
  const heads = [await sources[0].next(), await sources[1].next()];
  for (;;) {
    const [first, second] = heads as [IteratorResult<Change>, IteratorResult<Change>];
    if (first.done === true && second.done === true) return union;
    const source =
      first.done === true || (second.done !== true && comesBefore(second.value, first.value)) ? 1 : 0;
    const { position, place, copies } = (source === 1 ? second : first).value as Change;
    const other = heads[1 - source]!;
    states[source][place] = copies;
    heads[source] = await sources[source].next();
    const isSame = other.done !== true && other.value.position === position && other.value.place === place;
    if (!isSame) union.add(position, place, states[1][place]! || states[0][place]!);
  }
}

function comesBefore(a: Change, b: Change): boolean {
  return a.position < b.position || (a.position === b.position && a.place < b.place);
}

async function* changesOf(callability: Callability): AsyncGenerator<Change> {
  for await (const page of callability.from(-1)) yield* ofPage(page);
}

function* ofPage({ positions, places, copies }: Changes): Generator<Change> {
  for (let at = 0; at < positions.length; at += 1)
    yield { position: positions[at]!, place: places[at]!, copies: copies[at]! };
}
