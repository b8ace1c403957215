import { PEOPLE_PER_BLOCK } from '@federome/core';
import { SET_KIND } from '../kernels/kernels.ts';
import { readCells } from './differences.ts';
import { corruptFile } from './section.ts';
import type { Segment } from './segment.ts';
import type { StoredSet } from './span-index.ts';
import { readList } from './span-set.ts';

/** Ascending members of a set of a segment, as numbers of its span. */
export async function membersOf(segment: Segment, set: StoredSet): Promise<Uint32Array> {
  const { span } = await segment.index();
  if (set.kind !== SET_KIND.dense) {
    const members = readList(set.kind, set.count, span.limit(set.unit), await segment.list(set));
    if (members === undefined) throw corruptFile(segment.path);
    return members;
  }
  if (set.count > span.limit(set.unit)) throw corruptFile(segment.path);
  const all = new Uint32Array(set.count);
  let at = 0;
  for (let place = 0; place < span.people.length; place += 1) {
    const cells = await segment.cells(segment.entry.firstBlock + place, set.row);
    const own = readCells(cells, span.people[place]!, set.unit);
    if (own === undefined || at + own.length > all.length) throw corruptFile(segment.path);
    const start = place * (set.unit === 'people' ? PEOPLE_PER_BLOCK : 2 * PEOPLE_PER_BLOCK);
    for (let i = 0; i < own.length; i += 1) all[at++] = start + own[i]!;
  }
  if (at !== all.length) throw corruptFile(segment.path);
  return all;
}
