import type { DisclosedCount } from '@federome/core';
import type { BeaconGranularity, MemberStatement } from './beacon.ts';
import { ClientError } from './errors.ts';
import { AnswerInfoShape, expectShape, MembersInfo, matches, NoticesInfo, QueryAnswer } from './schemas.ts';

/** One dataset's part of an answer. */
export interface BeaconResultSet {
  readonly id: string;
  readonly setType: string;
  /** Of the Beacon that holds it, where an aggregator says so. */
  readonly beaconId: string | undefined;
  /** Of the node that holds it, where it says so. */
  readonly country: string | undefined;
  readonly exists: boolean;
  /** As disclosed; `undefined` where the set has no count. */
  readonly count: DisclosedCount | undefined;
  readonly results: readonly unknown[];
}

/** What a Beacon answered to `/individuals` or `/g_variants`, checked for contradictions. */
export interface BeaconAnswer {
  readonly beaconId: string | undefined;
  /** What the Beacon says it gave, which may be less than was asked for. */
  readonly granularity: BeaconGranularity;
  readonly exists: boolean;
  /** As disclosed; `undefined` where only yes or no was told. */
  readonly count: DisclosedCount | undefined;
  readonly resultSets: readonly BeaconResultSet[];
  /** The country that the answer itself states (`info.country`). */
  readonly country: string | undefined;
  /** Of a hub: how each member fared. */
  readonly members: readonly MemberStatement[];
  /** What the Beacon says of how it understood the question, and why it answered less; at most 20. */
  readonly notices: readonly string[];
}

const MAXIMUM_NOTICES = 20;
const MAXIMUM_NOTICE_LENGTH = 500;

/** An answer of `/individuals` or `/g_variants` as it came. Throws `client/wrong-schema`. */
export function parseQueryAnswer(json: unknown, what: string): BeaconAnswer {
  return readQueryAnswer(expectShape(QueryAnswer, json, what));
}

/** Throws `client/wrong-schema` where an answer contradicts itself: yes with 0, no with more than 0. */
export function readQueryAnswer(answer: QueryAnswer): BeaconAnswer {
  const { exists, numTotalResults } = answer.responseSummary;
  const resultSets = (answer.response?.resultSets ?? []).map((set): BeaconResultSet => {
    const count = disclosed(set.exists, set.resultsCount, set.info, `result set '${set.id.slice(0, 100)}'`);
    return {
      id: set.id,
      setType: set.setType ?? 'dataset',
      beaconId: set.beaconId,
      country: matches(AnswerInfoShape, set.info) ? set.info.country : undefined,
      exists: set.exists,
      count,
      results: set.results ?? [],
    };
  });
  const count = disclosed(exists, numTotalResults, answer.info, 'the summary', resultSets) ?? undefined;
  return {
    beaconId: answer.meta?.beaconId,
    granularity: granularityOf(answer),
    exists,
    count,
    resultSets,
    country: matches(AnswerInfoShape, answer.info) ? answer.info.country : undefined,
    members: matches(MembersInfo, answer.info) ? answer.info.members : [],
    notices: matches(NoticesInfo, answer.info) ? readable(answer.info.notices) : [],
  };
}

/** Texts of others: without control characters, and not endless. */
function readable(texts: readonly string[]): readonly string[] {
  return texts
    .slice(0, MAXIMUM_NOTICES)
    .map((text) => text.slice(0, MAXIMUM_NOTICE_LENGTH).replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' '));
}

function granularityOf(answer: QueryAnswer): BeaconGranularity {
  const stated = answer.meta?.returnedGranularity;
  if (stated === 'boolean' || stated === 'count' || stated === 'record') return stated;
  if (answer.response?.resultSets?.some((set) => (set.results ?? []).length > 0)) return 'record';
  return answer.responseSummary.numTotalResults === undefined ? 'boolean' : 'count';
}

function disclosed(
  exists: boolean,
  count: number | undefined,
  info: unknown,
  place: string,
  parts: readonly BeaconResultSet[] = [],
): DisclosedCount | undefined {
  const mark = matches(AnswerInfoShape, info) ? info.disclosure : undefined;
  if (mark?.suppressed === true) return { kind: 'suppressed', below: mark.threshold };
  if (count !== undefined && exists !== count > 0) {
    throw new ClientError(
      'client/wrong-schema',
      `contradicts itself: ${place} says exists ${exists} and counts ${count}`,
    );
  }
  if (count !== 0) return count === undefined ? undefined : { kind: 'shown', value: count };
  const below = parts.flatMap((part) => (part.count?.kind === 'suppressed' ? [part.count.below] : []));
  if (below.length > 0) return { kind: 'suppressed', below: suppressedTogether(below) };
  return { kind: 'shown', value: 0 };
}

/** The bound below which the sum of several withheld counts lies: each is at most its own threshold less one. */
export function suppressedTogether(thresholds: readonly number[]): number {
  return thresholds.reduce((sum, below) => sum + Math.max(0, below - 1), 0) + 1;
}
