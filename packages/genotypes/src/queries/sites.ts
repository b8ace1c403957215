import type { Interval } from '@federome/core';
import type { Site } from '../api.ts';
import { mergeLanes, windows } from './merge.ts';
import type { Snapshot } from './snapshot.ts';

/** Sites that overlap an interval in genome order, each once however many blocks list it. */
export async function* sitesIn(snapshot: Snapshot, interval: Interval): AsyncGenerator<Site> {
  for await (const lanes of windows(snapshot, interval)) {
    for (const rows of mergeLanes(lanes)) {
      const { lane, row } = rows[0]!;
      const site = lanes[lane]!.table.site(row);
      if (site.variant.position + site.variant.ref.length > interval.start) yield site;
    }
  }
}
