import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Anomaly,
  AUDIT_OPERATIONS,
  type AuditEvent,
  isAnomaly,
} from '@federome/core';
import { PortalError } from '../network/problem.ts';
import { callApi, member, textOf } from '../session/session.ts';

/** What the table is narrowed to; empty where it does not matter. */
export interface AuditSearch {
  /** `2026-01-31`; both days are included. */
  readonly from: string;
  readonly to: string;
  readonly who: string;
  readonly dataset: string;
  readonly decision: '' | AuditEvent['decision'];
  readonly level: '' | AccessLevel;
}

export const EVERYTHING: AuditSearch = { from: '', to: '', who: '', dataset: '', decision: '', level: '' };

export interface AuditPageOf {
  readonly events: readonly AuditEvent[];
  /** Where the next page begins; `undefined` on the last one. */
  readonly cursor: string | undefined;
}

export interface Bucket {
  readonly from: string;
  readonly level: AccessLevel;
  readonly decision: AuditEvent['decision'];
  readonly events: number;
}

export interface Found {
  readonly foundAt: string;
  readonly anomaly: Anomaly;
}

const DAY_MS = 86_400_000;

/** The query of a search; the day `to` is included. */
export function queryOf({ to, ...search }: AuditSearch): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== '') query.set(name, value.trim());
  if (to !== '') query.set('to', new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10));
  return query;
}

/** A page of events, the latest first. Throws `PortalError`. */
export async function fetchEvents(search: AuditSearch, cursor: string | undefined): Promise<AuditPageOf> {
  const query = queryOf(search);
  query.set('limit', '50');
  if (cursor !== undefined) query.set('cursor', cursor);
  const body = await callApi('GET', `/api/audit?${query}`);
  return { events: listOf(body, 'events', isEvent), cursor: textOf(body, 'cursor') };
}

/** How many questions there were each day. Throws `PortalError`. */
export async function fetchTimeline(search: AuditSearch): Promise<readonly Bucket[]> {
  const query = queryOf(search);
  query.set('by', 'day');
  return listOf(await callApi('GET', `/api/audit/timeline?${query}`), 'buckets', isBucket);
}

/** What was unusual, the latest first. Throws `PortalError`. */
export async function fetchAnomalies(): Promise<readonly Found[]> {
  return listOf(await callApi('GET', '/api/audit/anomalies'), 'anomalies', isFound);
}

function listOf<T>(body: unknown, name: string, isExpected: (value: unknown) => value is T): readonly T[] {
  const list = member(body, name);
  if (Array.isArray(list) && list.every(isExpected)) return list;
  throw new PortalError('portal/invalid-answer', `${name}: the server did not answer as agreed`);
}

function isEvent(value: unknown): value is AuditEvent {
  const who = member(value, 'who');
  const texts = ['id', 'at', 'decision', 'level'].every((name) => typeof member(value, name) === 'string');
  return (
    texts &&
    typeof member(who, 'kind') === 'string' &&
    Array.isArray(member(value, 'datasets')) &&
    AUDIT_OPERATIONS.some((operation) => operation === member(value, 'operation'))
  );
}

function isBucket(value: unknown): value is Bucket {
  return (
    typeof member(value, 'from') === 'string' &&
    ACCESS_LEVELS.some((level) => level === member(value, 'level')) &&
    ['answered', 'refused'].some((decision) => decision === member(value, 'decision')) &&
    typeof member(value, 'events') === 'number'
  );
}

function isFound(value: unknown): value is Found {
  return typeof member(value, 'foundAt') === 'string' && isAnomaly(member(value, 'anomaly'));
}
