import { expect, test } from 'vitest';
import { EVERYTHING, queryOf } from './audit.ts';
import { columnsOf } from './columns.ts';

const bucket = (from: string, events: number, rest: object = {}) =>
  ({ from, level: 'public', decision: 'answered', events, ...rest }) as const;

test('a day without questions has a column too', () => {
  const columns = columnsOf([bucket('2026-01-30', 3), bucket('2026-02-01', 4)]);
  expect(columns.map(({ day, total }) => [day, total])).toEqual([
    ['2026-01-30', 3],
    ['2026-01-31', 0],
    ['2026-02-01', 4],
  ]);
});

test('refusals of every level are one part', () => {
  const refused = { decision: 'refused' };
  const [column] = columnsOf([
    bucket('2026-01-01', 5, { level: 'controlled' }),
    bucket('2026-01-01', 1, refused),
    bucket('2026-01-01', 2, { ...refused, level: 'registered' }),
  ]);
  expect(column).toMatchObject({ parts: { public: 0, controlled: 5, registered: 0, refused: 3 }, total: 8 });
});

test('of a long time, the last ninety days are drawn; of no time, nothing', () => {
  const columns = columnsOf([bucket('2025-01-01', 1), bucket('2026-01-01', 1)]);
  expect(columns).toHaveLength(90);
  expect(columns.at(-1)?.day).toBe('2026-01-01');
  expect(columnsOf([])).toEqual([]);
});

test('a search sends what is filled in, and includes its last day', () => {
  expect(queryOf(EVERYTHING).toString()).toBe('');
  const search = {
    ...EVERYTHING,
    from: '2026-01-01',
    to: '2026-01-31',
    who: ' anne ',
    level: 'public' as const,
  };
  expect(queryOf(search).toString()).toBe('from=2026-01-01&who=anne&level=public&to=2026-02-01');
});
