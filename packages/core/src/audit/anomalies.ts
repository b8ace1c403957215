import { type AuditEvent, type AuditWho, auditActor } from './event.ts';
import { robustLimit, SmallShareWatch } from './statistics.ts';

/** What an anomaly is about. */
export const ANOMALY_KINDS = ['volume-day', 'volume-hour', 'newcomer', 'small-cohorts', 'refusals'] as const;
/** See `ANOMALY_KINDS`. */
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];
/** From what to look at when there is time, to what to look at now. */
export const SEVERITIES = ['notice', 'warning', 'alarm'] as const;

/** Behaviour that is unusual: a reason to look, never a verdict. */
export interface Anomaly {
  /** The same for the same behaviour, however often it is found. */
  readonly id: string;
  readonly kind: AnomalyKind;
  readonly severity: (typeof SEVERITIES)[number];
  readonly who: AuditWho;
  /** ISO 8601: the window in which it was seen. */
  readonly from: string;
  readonly to: string;
  /** The most that was expected in such a window, and what was seen, both in questions. */
  readonly expected: number;
  readonly seen: number;
  /** Why, in one sentence. */
  readonly because: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days or hours of activity from which somebody has a usual of their own. */
const OWN_HISTORY = 7;
/** Fewer questions than these are never much. */
const LEAST = { day: 50, hour: 50, newcomer: 100, small: 20, refusals: 20 } as const;
/** Until others' days say what is usual here. */
const NEWCOMER_DEFAULT = 500;
const LEAST_OTHERS = 20;
const REFUSAL_WINDOW_MS = 600_000;
/** Nobody in particular is many people at once. */
const ANONYMOUS_FACTOR = 10;
const ANONYMOUS = 'anonymous';

interface Observation {
  readonly atMs: number;
  readonly refused: boolean;
  /** Told about few people, and not asked before by the same person. */
  readonly small: boolean | undefined;
}

interface Actor {
  readonly name: string;
  readonly who: AuditWho;
  readonly observations: readonly Observation[];
}

/**
 * What is unusual in the events since `since`, measured against those before: each person, client and member against
 * their own usual, newcomers against everyone's, and whoever gives no name all together. Events in any order; those of
 * the last four weeks are enough.
 */
export function findAnomalies(events: readonly AuditEvent[], since: Date): readonly Anomaly[] {
  const actors = actorsOf(events);
  const sinceMs = since.getTime();
  const usualShare = shareOfSmall(actors, sinceMs);
  const otherDays = actors.flatMap(({ observations }) => [
    ...countsBy(observations, DAY_MS, -Infinity, sinceMs).values(),
  ]);
  return actors.flatMap((actor) => [
    ...unusualVolume(actor, 'day', sinceMs),
    ...unusualVolume(actor, 'hour', sinceMs),
    ...unusualNewcomer(actor, otherDays, sinceMs),
    ...scansOfSmallCohorts(actor, usualShare, sinceMs),
    ...refusalBursts(actor, sinceMs),
  ]);
}

function actorsOf(events: readonly AuditEvent[]): readonly Actor[] {
  const actors = new Map<string, { readonly who: AuditWho; readonly observations: Observation[] }>();
  for (const event of events) {
    if (event.shape === undefined && event.decision === 'answered') continue;
    const name = auditActor(event.who) ?? ANONYMOUS;
    const actor = actors.get(name) ?? { who: whoOf(event.who), observations: [] };
    actors.set(name, actor);
    const { shape } = event;
    const small = shape === undefined || shape.repeated ? undefined : shape.small;
    actor.observations.push({ atMs: Date.parse(event.at), refused: event.decision === 'refused', small });
  }
  return [...actors].map(([name, { who, observations }]) => ({
    name,
    who,
    observations: observations.sort((a, b) => a.atMs - b.atMs),
  }));
}

function whoOf(who: AuditWho): AuditWho {
  return auditActor(who) === undefined ? { kind: 'anonymous' } : who;
}

/** Somebody far above their own usual: a day or hour against the median of those before in which they asked at all. */
function unusualVolume(actor: Actor, unit: 'day' | 'hour', sinceMs: number): readonly Anomaly[] {
  const widthMs = unit === 'day' ? DAY_MS : HOUR_MS;
  const counts = countsBy(actor.observations, widthMs);
  const found: Anomaly[] = [];
  for (const [fromMs, seen] of counts) {
    if (fromMs + widthMs <= sinceMs || seen < LEAST[unit]) continue;
    const before = [...counts].filter(([at]) => at < fromMs).map(([, count]) => count);
    if (before.length < OWN_HISTORY) continue;
    const expected = Math.max(LEAST[unit], robustLimit(before));
    if (seen <= expected) continue;
    found.push({
      ...windowOf(actor, `volume-${unit}`, fromMs, widthMs),
      severity: seen > 10 * expected ? 'alarm' : 'warning',
      expected,
      seen,
      because: `asked ${seen} questions in one ${unit}; by the ${before.length} ${unit}s before in which they asked, ${expected} would be a lot`,
    });
  }
  return found;
}

/** Somebody without a usual of their own, against the days of everyone. */
function unusualNewcomer(actor: Actor, otherDays: readonly number[], sinceMs: number): readonly Anomaly[] {
  if (actor.name === ANONYMOUS) return [];
  const counts = countsBy(actor.observations, DAY_MS);
  const usual = otherDays.length < LEAST_OTHERS ? NEWCOMER_DEFAULT : robustLimit(otherDays);
  const expected = Math.max(LEAST.newcomer, usual);
  return [...counts].flatMap(([fromMs, seen], at): readonly Anomaly[] => {
    if (fromMs + DAY_MS <= sinceMs || at >= OWN_HISTORY || seen <= expected) return [];
    return [
      {
        ...windowOf(actor, 'newcomer', fromMs, DAY_MS),
        severity: seen > 10 * expected ? 'alarm' : 'notice',
        expected,
        seen,
        because: `asked ${seen} questions on one of their first days; anybody here rarely asks more than ${expected} a day`,
      },
    ];
  });
}

/** A scan over small cohorts: far more new questions with few or suppressed people than is usual, tested one by one. */
function scansOfSmallCohorts(actor: Actor, usualShare: number, sinceMs: number): readonly Anomaly[] {
  const asked = actor.observations.filter(({ small }) => small !== undefined);
  const before = asked.filter(({ atMs }) => atMs < sinceMs);
  const smallBefore = before.filter(({ small }) => small === true).length;
  // Whoever studies rare diseases gets small answers every day: their own past counts with that of others.
  const own = (smallBefore + 5 * usualShare) / (before.length + 5);
  const watch = new SmallShareWatch(Math.max(usualShare, own));
  let lastMs = -Infinity;
  for (const { atMs, small } of asked) {
    if (atMs < sinceMs) continue;
    if (atMs - lastMs > DAY_MS) watch.reset();
    lastMs = atMs;
    watch.add(small === true, atMs);
  }
  const scan = watch.worst;
  if (scan === undefined || scan.small < LEAST.small) return [];
  const expected = Math.ceil(watch.usualShare * scan.asked);
  return [
    {
      ...windowOf(actor, 'small-cohorts', Math.floor(scan.fromMs / DAY_MS) * DAY_MS, DAY_MS),
      to: new Date(scan.toMs).toISOString(),
      severity: scan.small >= 5 * LEAST.small ? 'alarm' : 'warning',
      expected,
      seen: scan.small,
      because: `of ${scan.asked} different questions in a row, ${scan.small} were about few or suppressed people, where ${expected} would be usual: somebody may be searching for single people`,
    },
  ];
}

/** Many refusals within ten minutes. */
function refusalBursts(actor: Actor, sinceMs: number): readonly Anomaly[] {
  const expected = LEAST.refusals * (actor.name === ANONYMOUS ? ANONYMOUS_FACTOR : 1);
  const refused = actor.observations.filter(({ refused }) => refused);
  const bursts = countsBy(refused, REFUSAL_WINDOW_MS, sinceMs - REFUSAL_WINDOW_MS);
  return [...bursts].flatMap(([fromMs, seen]): readonly Anomaly[] =>
    seen <= expected
      ? []
      : [
          {
            ...windowOf(actor, 'refusals', fromMs, REFUSAL_WINDOW_MS),
            severity: seen > 10 * expected ? 'alarm' : 'warning',
            expected,
            seen,
            because: `was refused ${seen} times in ten minutes; more than ${expected} are rarely mistakes`,
          },
        ],
  );
}

/** The share of small answers among different questions that is usual here: the median of those who asked enough. */
function shareOfSmall(actors: readonly Actor[], beforeMs: number): number {
  const shares = actors.flatMap(({ observations }) => {
    const asked = observations.filter(({ small, atMs }) => small !== undefined && atMs < beforeMs);
    return asked.length < 10 ? [] : [asked.filter(({ small }) => small === true).length / asked.length];
  });
  shares.sort((a, b) => a - b);
  return shares.length < 5 ? 0.3 : shares[Math.floor(shares.length / 2)]!;
}

/** Counts of windows that hold any, by the beginning of the window, in order. */
function countsBy(
  observations: readonly Observation[],
  widthMs: number,
  fromMs = -Infinity,
  toMs = Infinity,
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { atMs } of observations) {
    if (atMs < fromMs || atMs >= toMs) continue;
    const at = Math.floor(atMs / widthMs) * widthMs;
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}

function windowOf({ name, who }: Actor, kind: AnomalyKind, fromMs: number, widthMs: number) {
  const from = new Date(fromMs).toISOString();
  return {
    id: JSON.stringify([kind, name, from]),
    kind,
    who,
    from,
    to: new Date(fromMs + widthMs).toISOString(),
  };
}

/** Whether a value has the form of an anomaly. */
export function isAnomaly(value: unknown): value is Anomaly {
  if (typeof value !== 'object' || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  const texts = ['id', 'from', 'to', 'because'].every((name) => typeof field(name) === 'string');
  const numbers = ['expected', 'seen'].every((name) => typeof field(name) === 'number');
  const who = field('who');
  return (
    texts &&
    numbers &&
    ANOMALY_KINDS.some((kind) => kind === field('kind')) &&
    SEVERITIES.some((severity) => severity === field('severity')) &&
    typeof who === 'object' &&
    who !== null &&
    typeof Reflect.get(who, 'kind') === 'string'
  );
}
