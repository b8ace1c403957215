import { expect, test } from 'vitest';
import { type Anomaly, findAnomalies, isAnomaly } from './anomalies.ts';
import type { AuditEvent } from './event.ts';

const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-03-02T00:00:00Z');
const DAYS = 28;

/** A generator of numbers in [0, 1) that gives the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function event(
  subject: string | undefined,
  atMs: number,
  rest: { readonly small?: boolean; readonly repeated?: boolean; readonly refused?: boolean } = {},
): AuditEvent {
  const { small = false, repeated = false, refused = false } = rest;
  return {
    id: 'x',
    at: new Date(atMs).toISOString(),
    operation: 'individuals-by-filter',
    who:
      subject === undefined
        ? { kind: 'anonymous' }
        : { kind: 'person', issuer: 'https://idp.example', subject },
    datasets: [],
    decision: refused ? 'refused' : 'answered',
    level: 'public',
    permits: [],
    ...(!refused && { shape: { filters: 1, small, repeated } }),
  };
}

/** A month of people at work: each with a rate and a share of rare things of their own, busy days, free weekends. */
function ordinary(seed: number, people: number, days = DAYS): AuditEvent[] {
  const random = generator(seed);
  const events: AuditEvent[] = [];
  for (let person = 0; person < people; person += 1) {
    const rate = Math.exp(Math.log(15) + 0.9 * normal(random));
    const shareOfSmall = Math.min(0.6, 0.05 + 0.5 * random() ** 2);
    const firstDay = random() < 0.2 ? Math.floor(random() * days) : 0;
    for (let day = firstDay; day < days; day += 1) {
      const weekend = day % 7 >= 5;
      if (random() < (weekend ? 0.9 : 0.3)) continue;
      const questions = Math.round(rate * Math.exp(0.6 * normal(random)));
      for (let at = 0; at < questions; at += 1) {
        const atMs = BEGIN + day * DAY_MS + 8 * 3_600_000 + Math.floor(random() * 9 * 3_600_000);
        const refused = random() < 0.03;
        events.push(
          event(`p${person}`, atMs, { small: random() < shareOfSmall, repeated: random() < 0.3, refused }),
        );
      }
    }
  }
  return events;
}

const lastDay = new Date(BEGIN + (DAYS - 1) * DAY_MS);
const atOnLastDay = (minutes: number) => lastDay.getTime() + 9 * 3_600_000 + minutes * 60_000;
const kindsOf = (found: readonly Anomaly[], subject: string) =>
  new Set(found.filter(({ who }) => who.subject === subject).map(({ kind }) => kind));

test('ordinary work is hardly ever unusual: fewer than two false alarms in a thousand days of a person', () => {
  let found = 0;
  let personDays = 0;
  for (let seed = 1; seed <= 6; seed += 1) {
    const events = ordinary(seed, 100);
    // All days after the second week, each judged as it comes.
    for (let day = 14; day < DAYS; day += 1) {
      const until = BEGIN + (day + 1) * DAY_MS;
      const known = events.filter(({ at }) => Date.parse(at) < until);
      const today = known.filter(({ at }) => Date.parse(at) >= until - DAY_MS);
      personDays += new Set(today.map(({ who }) => who.subject)).size;
      found += new Set(findAnomalies(known, new Date(until - DAY_MS)).map(({ id }) => id)).size;
    }
  }
  expect(personDays).toBeGreaterThan(3_000);
  expect(found / personDays).toBeLessThan(0.002);
});

test('a person far above their own usual is seen, and only that person', () => {
  const events = ordinary(7, 60);
  const heavy = Array.from({ length: 3_000 }, (_, at) => event('p3', atOnLastDay(at / 20)));
  const found = findAnomalies([...events, ...heavy], lastDay);
  expect(kindsOf(found, 'p3')).toContain('volume-day');
  expect(found.filter(({ who }) => who.subject !== 'p3')).toEqual([]);
});

test('the same number of questions is nothing unusual of whoever asks as many every day', () => {
  const events = Array.from({ length: DAYS }, (_, day) =>
    Array.from({ length: 800 }, (_, at) =>
      event('robot', BEGIN + day * DAY_MS + at * 60_000, { repeated: true }),
    ),
  ).flat();
  expect(findAnomalies(events, lastDay)).toEqual([]);
});

test('a scan over many small cohorts is seen at a volume that is nothing unusual', () => {
  const events = ordinary(8, 60);
  const scan = Array.from({ length: 40 }, (_, at) => event('p5', atOnLastDay(at), { small: at % 8 !== 0 }));
  const found = findAnomalies([...events, ...scan], lastDay);
  expect(kindsOf(found, 'p5')).toEqual(new Set(['small-cohorts']));
  const [anomaly] = found;
  expect(anomaly!.seen).toBeGreaterThan(anomaly!.expected);
});

test('whoever always asks about rare diseases is no scan by that alone', () => {
  const events = ordinary(9, 60);
  const rare = Array.from({ length: DAYS }, (_, day) =>
    Array.from({ length: 25 }, (_, at) =>
      event('rare', BEGIN + day * DAY_MS + at * 60_000, { small: (at + day) % 2 === 0 }),
    ),
  ).flat();
  expect(kindsOf(findAnomalies([...events, ...rare], lastDay), 'rare')).toEqual(new Set());
});

test('the same small question again and again is no scan', () => {
  const again = Array.from({ length: 45 }, (_, at) =>
    event('p1', atOnLastDay(at), { small: true, repeated: at > 0 }),
  );
  expect(findAnomalies([...ordinary(10, 60), ...again], lastDay)).toEqual([]);
});

test('a burst of refusals is seen, of whoever gives no name only from ten times as many on', () => {
  const refusals = (subject: string | undefined, count: number) =>
    Array.from({ length: count }, (_, at) => event(subject, atOnLastDay(at / 100), { refused: true }));
  expect(findAnomalies(refusals('p', 20), lastDay)).toEqual([]);
  expect(kindsOf(findAnomalies(refusals('p', 21), lastDay), 'p')).toEqual(new Set(['refusals']));
  expect(findAnomalies(refusals(undefined, 200), lastDay)).toEqual([]);
  expect(findAnomalies(refusals(undefined, 201), lastDay)).toMatchObject([
    { kind: 'refusals', who: { kind: 'anonymous' }, expected: 200, seen: 201 },
  ]);
});

test('a newcomer who begins with an unusual volume is seen', () => {
  const events = [
    ...ordinary(11, 60),
    ...Array.from({ length: 2_000 }, (_, at) => event('new', atOnLastDay(at / 10), { repeated: true })),
  ];
  expect(kindsOf(findAnomalies(events, lastDay), 'new')).toEqual(new Set(['newcomer']));
});

test('what is found again is the same anomaly, whatever else happened since', () => {
  const refusals = Array.from({ length: 30 }, (_, at) =>
    event('p', atOnLastDay(at / 100), { refused: true }),
  );
  const [first] = findAnomalies(refusals, lastDay);
  const [again] = findAnomalies([...refusals, ...ordinary(12, 30)], lastDay).filter(
    ({ kind }) => kind === 'refusals',
  );
  expect(again?.id).toBe(first!.id);
  expect(isAnomaly(JSON.parse(JSON.stringify(first)))).toBe(true);
  expect(isAnomaly({ ...first, kind: 'other' })).toBe(false);
});
