import { setImmediate } from 'node:timers/promises';

const ITEMS_BETWEEN_BREATHS = 1_024;

/** The same items, letting other requests have their turn every now and then: a long scan must not stop the node. */
export async function* breathing<T>(
  items: AsyncIterable<T>,
  itemsBetweenBreaths = ITEMS_BETWEEN_BREATHS,
): AsyncIterable<T> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    taken += 1;
    if (taken % itemsBetweenBreaths === 0) await setImmediate();
  }
}
