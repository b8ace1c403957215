import type { AnswerInfo, DisclosureMark } from '@federome/client';
import type {
  DisclosedCount,
  DisclosurePolicy,
  DiscoveryAnswer,
  Granularity,
  ResultSet,
  ResultsetChoice,
} from '@federome/core';
import { API_VERSION, type RequestSummary } from '../request/request.ts';
import { type EntryType, GENOMIC_VARIANT } from './schemas.ts';
import { variantResult } from './variant-record.ts';

/** What an answer says of the Beacon that gave it. */
export interface Answerer {
  readonly beaconId: string;
  readonly country: string;
  /** Where it is served, without a slash at the end. */
  readonly url: string;
}

/** `meta` of every answer about records, refusals included. */
export function responseMeta(
  beaconId: string,
  entryType: EntryType | undefined,
  granularity: Granularity,
  summary: RequestSummary,
) {
  return {
    beaconId,
    apiVersion: API_VERSION,
    returnedSchemas:
      entryType === undefined ? [] : [{ entityType: entryType.id, schema: entryType.schema.url }],
    returnedGranularity: granularity,
    receivedRequestSummary: summary,
    testMode: summary.testMode,
  };
}

/**
 * The response of `/individuals` or `/g_variants`: boolean says whether, count how many (with the numbers of each
 * dataset), record which. Suppressed counts are written as `false` and 0, with a mark in `info` that is the same for
 * nobody and for few.
 */
export function queryResponse(
  answerer: Answerer,
  entryType: EntryType,
  answer: DiscoveryAnswer,
  summary: RequestSummary,
) {
  const { granularity, total } = answer;
  const policy = policyOf(entryType, answer);
  const numbers = granularity !== 'boolean';
  return {
    meta: responseMeta(answerer.beaconId, entryType, granularity, summary),
    responseSummary: {
      exists: total.kind === 'shown',
      ...(numbers ? { numTotalResults: written(total) } : {}),
    },
    ...(numbers
      ? {
          response: {
            resultSets: listed(answer.sets, summary.includeResultsetResponses).map((set) =>
              resultSet(set, policy, answerer.url),
            ),
          },
        }
      : {}),
    info: answerInfo(answerer, { ...answer, policy }, numbers),
  };
}

/** People are rounded, variants are not: each is there because enough people carry it. */
function policyOf(entryType: EntryType, { policy }: DiscoveryAnswer): DisclosurePolicy {
  return entryType === GENOMIC_VARIANT ? { ...policy, roundTo: 1 } : policy;
}

function answerInfo(answerer: Answerer, answer: DiscoveryAnswer, numbers: boolean) {
  const info: AnswerInfo = {
    disclosure: disclosureMark(answer.total, answer.policy, numbers),
    country: answerer.country,
    ...(answer.notices.length === 0 ? {} : { notices: answer.notices }),
  };
  return { ...info, ...answer.info };
}

function listed(sets: readonly ResultSet[], choice: ResultsetChoice): readonly ResultSet[] {
  switch (choice) {
    case 'NONE':
      return [];
    case 'ALL':
      return sets;
    case 'HIT':
      return sets.filter(({ count }) => count.kind === 'shown');
    case 'MISS':
      return sets.filter(({ count }) => count.kind === 'suppressed');
  }
}

function resultSet(set: ResultSet, policy: DisclosurePolicy, url: string) {
  const reference = `${url}/datasets/${encodeURIComponent(set.id)}`;
  return {
    id: set.id,
    setType: 'dataset',
    ...(set.beaconId === undefined ? {} : { beaconId: set.beaconId }),
    exists: set.count.kind === 'shown',
    resultsCount: written(set.count),
    results: set.records.map((record) => variantResult(record, reference)),
    info: {
      disclosure: disclosureMark(set.count, policy, true),
      ...(set.country === undefined ? {} : { country: set.country }),
    },
  };
}

/** A count as Beacon's integer fields can hold it. */
export function written(count: DisclosedCount): number {
  return count.kind === 'shown' ? count.value : 0;
}

/** The mark beside a count; without numbers it says no more than whether the count reached the threshold. */
export function disclosureMark(
  count: DisclosedCount,
  policy: DisclosurePolicy,
  numbers: boolean,
): DisclosureMark {
  const limits = { threshold: policy.countThreshold, roundedTo: policy.roundTo };
  if (count.kind === 'suppressed') return { suppressed: true, shown: `<${count.below}`, ...limits };
  return { suppressed: false, ...(numbers ? { shown: String(count.value) } : {}), ...limits };
}
