/**
 * Starts work on items before the results of earlier ones were taken, at most `depth` ahead; results come in the order
 * of the items. The first failure ends it: what was started then goes on, and nobody hears of it.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  depth: number,
  start: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  for await (const item of items) {
    const result = start(item);
    // Whoever takes it hears of a failure; one that is never taken is not unhandled.
    result.catch(() => {});
    started.push(result);
    if (started.length >= depth) yield await started.shift()!;
  }
  for (const result of started) yield await result;
}
