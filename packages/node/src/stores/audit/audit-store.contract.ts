import type { Anomaly, AuditEvent } from '@federome/core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditFilter, AuditStore } from './audit-store.ts';

function event(id: string, rest: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id,
    at: '2026-01-01T00:00:00.000Z',
    operation: 'individuals-by-filter',
    who: { kind: 'anonymous' },
    datasets: [],
    decision: 'answered',
    level: 'public',
    permits: [],
    ...rest,
  };
}

const WHOLE = event('whole', {
  who: {
    kind: 'person',
    issuer: 'https://idp.example',
    subject: 's-1',
    member: 'ee.node',
    organisation: 'https://uni.example',
  },
  datasets: ['a_b', 'c'],
  purpose: 'research',
  code: 'node/forbidden',
  decision: 'refused',
  level: 'controlled',
  permits: ['v1', 'v2'],
  answer: { count: 1_000, records: 10, suppressed: false },
  shape: { filters: 2, small: true, repeated: false },
  durationMs: 12,
  ledgerIndex: 7,
});

function anomaly(id: string): Anomaly {
  return {
    id,
    kind: 'refusals',
    severity: 'warning',
    who: { kind: 'anonymous' },
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-01T00:10:00.000Z',
    expected: 200,
    seen: 300,
    because: 'refused',
  };
}

/** What every store of the audit does. `make` opens an empty one; `again` another connection to the same. */
export function auditStoreContract(
  name: string,
  make: () => Promise<{ readonly store: AuditStore; readonly again: AuditStore }>,
): void {
  describe(name, () => {
    let store: AuditStore;
    let again: AuditStore;
    beforeEach(async () => {
      ({ store, again } = await make());
    });
    const ids = async (filter: AuditFilter) =>
      (await again.search(filter, { limit: 100 })).map((kept) => kept.event.id);

    test('an event comes back as it was written, with everything or with little', async () => {
      await store.append([WHOLE, event('little')]);
      const kept = await again.search({}, { limit: 10 });
      expect(kept.map((each) => each.event)).toEqual([event('little'), WHOLE]);
    });

    test('nothing and many events are appended', async () => {
      await store.append([]);
      await store.append(Array.from({ length: 2_500 }, (_, at) => event(`e${at}`)));
      expect(await ids({})).toHaveLength(100);
    });

    test('pages follow each other by the cursor, without a gap, whatever is written meanwhile', async () => {
      await store.append(Array.from({ length: 5 }, (_, at) => event(`e${at}`)));
      const first = await again.search({}, { limit: 2 });
      await store.append([event('new')]);
      const second = await again.search({}, { before: first.at(-1)!.sequence, limit: 10 });
      expect([...first, ...second].map((kept) => kept.event.id)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
    });

    test('every part of a filter narrows the search', async () => {
      await store.append([WHOLE, event('little', { at: '2026-02-01T00:00:00.000Z', datasets: ['axb'] })]);
      const whole: AuditFilter[] = [
        { to: '2026-02-01T00:00:00.000Z' },
        { who: 's-1' },
        { who: 'ee.node' },
        { kind: 'person' },
        { dataset: 'a_b' },
        { decision: 'refused' },
        { level: 'controlled' },
        { purpose: 'research' },
        { who: 's-1', level: 'controlled', dataset: 'c' },
      ];
      for (const filter of whole) expect(await ids(filter), JSON.stringify(filter)).toEqual(['whole']);
      expect(await ids({ from: '2026-02-01T00:00:00.000Z' })).toEqual(['little']);
      expect(await ids({ dataset: 'axb' })).toEqual(['little']);
      expect(await ids({ dataset: 'a' })).toEqual([]);
      expect(await ids({ operation: 'variants' })).toEqual([]);
      expect(await ids({ who: 's-1', level: 'public' })).toEqual([]);
    });

    test('the timeline counts by hour and by day', async () => {
      const at = ['01T10:05', '01T10:50', '01T11:00', '02T10:00'];
      await store.append(at.map((time) => event(time, { at: `2026-01-${time}:00.000Z` })));
      await store.append([event('no', { at: '2026-01-02T10:00:00.000Z', decision: 'refused' })]);
      const counts = async (by: 'hour' | 'day') =>
        (await again.timeline({}, by)).map(({ from, decision, events }) => [from, decision, events]);
      expect(await counts('hour')).toEqual([
        ['2026-01-01T10', 'answered', 2],
        ['2026-01-01T11', 'answered', 1],
        ['2026-01-02T10', 'answered', 1],
        ['2026-01-02T10', 'refused', 1],
      ]);
      expect(await counts('day')).toEqual([
        ['2026-01-01', 'answered', 3],
        ['2026-01-02', 'answered', 1],
        ['2026-01-02', 'refused', 1],
      ]);
    });

    test('what is older than it is kept goes, in steps', async () => {
      await store.append(
        [1, 2, 3, 4].map((day) => event(`e${day}`, { at: `2026-01-0${day}T00:00:00.000Z` })),
      );
      const before = new Date('2026-01-04T00:00:00Z');
      expect(await store.deleteBefore(before, 2)).toBe(2);
      expect(await store.deleteBefore(before, 2)).toBe(1);
      expect(await store.deleteBefore(before, 2)).toBe(0);
      expect(await ids({})).toEqual(['e4']);
    });

    test('an anomaly is new once', async () => {
      const [first, second] = [anomaly('a'), anomaly('b')];
      const at = new Date('2026-01-02T00:00:00Z');
      expect(await store.addAnomalies([first], at)).toEqual([first]);
      expect(await store.addAnomalies([first, second], new Date('2026-01-03T00:00:00Z'))).toEqual([second]);
      expect(await again.anomalies({ limit: 10 })).toEqual([
        { foundAt: '2026-01-03T00:00:00.000Z', anomaly: second },
        { foundAt: '2026-01-02T00:00:00.000Z', anomaly: first },
      ]);
      expect(await again.anomalies({ limit: 10, since: '2026-01-03T00:00:00.000Z' })).toHaveLength(1);
    });
  });
}
