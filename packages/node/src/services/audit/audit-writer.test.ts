import type { AuditEvent } from '@federome/core';
import { expect, test, vi } from 'vitest';
import { AuditWriter, type AuditWriterOptions } from './audit-writer.ts';

function event(id: string): AuditEvent {
  return {
    id,
    at: '2026-01-01T00:00:00.000Z',
    operation: 'variants',
    who: { kind: 'anonymous' },
    datasets: [],
    decision: 'answered',
    level: 'public',
    permits: [],
  };
}

function writer(options: Partial<AuditWriterOptions> = {}) {
  const groups: string[][] = [];
  const state = { isBroken: false };
  const made = new AuditWriter({
    append: async (events) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (state.isBroken) throw new Error('disk full');
      groups.push(events.map(({ id }) => id));
    },
    interrupted: (withheld) => event(`gap ${withheld}`),
    retryMs: 1,
    gatherMs: 1,
    ...options,
  });
  return { writer: made, groups, state };
}

test('what comes together is written together, in its order', async () => {
  const { writer: audit, groups } = writer();
  audit.offer(event('a'));
  await Promise.all(['b', 'c'].map((id) => audit.add(event(id))));
  expect(groups).toEqual([['a', 'b', 'c']]);
});

test('what is offered is written by itself', async () => {
  const { writer: audit, groups } = writer();
  expect(audit.offer(event('a'))).toBe(true);
  await vi.waitFor(() => expect(groups).toEqual([['a']]));
});

test('whoever waits is refused where the store fails; what was offered is kept and written later, with the gap', async () => {
  const { writer: audit, groups, state } = writer();
  state.isBroken = true;
  expect(audit.offer(event('kept'))).toBe(true);
  await expect(audit.add(event('refused'))).rejects.toThrow('disk full');
  expect(audit.offer(event('withheld'))).toBe(false);
  expect(audit.offer(event('withheld'))).toBe(false);
  state.isBroken = false;
  await vi.waitFor(() => expect(groups).toEqual([['kept', 'gap 2']]));
  expect(audit.offer(event('again'))).toBe(true);
  await audit.close();
  expect(groups).toEqual([['kept', 'gap 2'], ['again']]);
});

test('only so many may wait', async () => {
  const { writer: audit, groups } = writer({ capacity: 3, gatherMs: 60_000 });
  expect(['a', 'b', 'c', 'd'].map((id) => audit.offer(event(id)))).toEqual([true, true, true, false]);
  await audit.close();
  expect(groups).toEqual([['a', 'b', 'c', 'gap 1']]);
});

test('closing writes what waits', async () => {
  const { writer: audit, groups } = writer({ gatherMs: 60_000 });
  for (let at = 0; at < 2_500; at += 1) audit.offer(event(String(at)));
  await audit.close();
  expect(groups.flat()).toEqual(Array.from({ length: 2_500 }, (_, at) => String(at)));
});
