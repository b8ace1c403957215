import {
  ACCESS_LEVELS,
  type Anomaly,
  AUDIT_OPERATIONS,
  type AuditEvent,
  isAnomaly,
  PURPOSES,
} from '@federome/core';
import { type ExpressionBuilder, type ExpressionWrapper, type Selectable, type SqlBool, sql } from 'kysely';
import { NodeError } from '../../errors.ts';
import { jsonStrings, oneOf } from '../database/columns.ts';
import type { SqlDatabase } from '../database/database.ts';
import { batchesOf, type Tables } from '../database/tables.ts';
import type { AuditBucket, AuditFilter, AuditStore, FoundAnomaly, KeptEvent } from './audit-store.ts';
import type { AuditTables } from './tables.ts';

const COLUMNS = 22;
const WHO_KINDS = ['anonymous', 'person', 'machine', 'member', 'operator', 'unknown'] as const;
const DECISIONS = ['answered', 'refused'] as const;
/** Length of `2026-01-31T10` and of `2026-01-31`. */
const BUCKET_LENGTH = { hour: 13, day: 10 } as const;

type Row = Selectable<AuditTables['audit_event']>;
type Builder = ExpressionBuilder<Tables, 'audit_event'>;

/** The audit in SQLite or PostgreSQL. */
export class SqlAuditStore implements AuditStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async append(events: readonly AuditEvent[]): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      for (const batch of batchesOf(events, COLUMNS)) {
        await write.insertInto('audit_event').values(batch.map(rowOf)).execute();
      }
    });
  }

  async search(
    filter: AuditFilter,
    { before, limit }: { readonly before?: number; readonly limit: number },
  ): Promise<readonly KeptEvent[]> {
    let query = this.#database.read
      .selectFrom('audit_event')
      .selectAll()
      .where((builder) => matching(builder, filter));
    if (before !== undefined) query = query.where('sequence', '<', before);
    const rows = await query.orderBy('sequence', 'desc').limit(limit).execute();
    return rows.map((row) => ({ sequence: Number(row.sequence), event: eventOf(row) }));
  }

  async timeline(filter: AuditFilter, by: 'hour' | 'day'): Promise<readonly AuditBucket[]> {
    const bucket = sql<string>`substr(at, 1, ${sql.lit(BUCKET_LENGTH[by])})`;
    const rows = await this.#database.read
      .selectFrom('audit_event')
      .select([bucket.as('from'), 'level', 'decision'])
      .select(({ fn }) => fn.countAll().as('events'))
      .where((builder) => matching(builder, filter))
      .groupBy([bucket, 'level', 'decision'])
      .orderBy(bucket)
      .orderBy('level')
      .orderBy('decision')
      .execute();
    return rows.map(({ from, level, decision, events }) => ({
      from,
      level: oneOf(ACCESS_LEVELS, level),
      decision: oneOf(DECISIONS, decision),
      events: Number(events),
    }));
  }

  async deleteBefore(at: Date, limit: number): Promise<number> {
    return await this.#database.transaction(async ({ write }) => {
      const old = write
        .selectFrom('audit_event')
        .select('sequence')
        .where('at', '<', at.toISOString())
        .limit(limit);
      const { numDeletedRows } = await write
        .deleteFrom('audit_event')
        .where('sequence', 'in', old)
        .executeTakeFirst();
      return Number(numDeletedRows);
    });
  }

  async addAnomalies(anomalies: readonly Anomaly[], at: Date): Promise<readonly Anomaly[]> {
    return await this.#database.transaction(async ({ write }) => {
      const fresh: Anomaly[] = [];
      for (const anomaly of anomalies) {
        const { numInsertedOrUpdatedRows } = await write
          .insertInto('audit_anomaly')
          .values({
            id: anomaly.id,
            found_at: at.toISOString(),
            severity: anomaly.severity,
            anomaly: JSON.stringify(anomaly),
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst();
        if (Number(numInsertedOrUpdatedRows) > 0) fresh.push(anomaly);
      }
      return fresh;
    });
  }

  async anomalies({
    limit,
    since,
  }: {
    readonly limit: number;
    readonly since?: string | undefined;
  }): Promise<readonly FoundAnomaly[]> {
    let query = this.#database.read.selectFrom('audit_anomaly').selectAll();
    if (since !== undefined) query = query.where('found_at', '>=', since);
    const rows = await query.orderBy('found_at', 'desc').orderBy('id').limit(limit).execute();
    return rows.map(({ found_at, anomaly }) => ({ foundAt: found_at, anomaly: anomalyOf(anomaly) }));
  }
}

/** All that a filter asks for. A dataset is looked for as the JSON text that names it: ids hold neither quotes nor backslashes. */
function matching(builder: Builder, filter: AuditFilter): ExpressionWrapper<Tables, 'audit_event', SqlBool> {
  const { from, to, who, kind, operation, dataset, decision, level, purpose } = filter;
  const all: ExpressionWrapper<Tables, 'audit_event', SqlBool>[] = [];
  if (from !== undefined) all.push(builder('at', '>=', from));
  if (to !== undefined) all.push(builder('at', '<', to));
  if (who !== undefined) all.push(builder.or([builder('subject', '=', who), builder('member', '=', who)]));
  if (kind !== undefined) all.push(builder('who_kind', '=', kind));
  if (operation !== undefined) all.push(builder('operation', '=', operation));
  if (dataset !== undefined) {
    const name = JSON.stringify(dataset);
    all.push(
      builder(
        builder.fn<string>('replace', ['datasets', builder.val(name), builder.val('')]),
        '<>',
        builder.ref('datasets'),
      ),
    );
  }
  if (decision !== undefined) all.push(builder('decision', '=', decision));
  if (level !== undefined) all.push(builder('level', '=', level));
  if (purpose !== undefined) all.push(builder('purpose', '=', purpose));
  return builder.and(all);
}

function rowOf(event: AuditEvent): Omit<Row, 'sequence'> {
  const { who, answer, shape } = event;
  return {
    id: event.id,
    at: event.at,
    operation: event.operation,
    who_kind: who.kind,
    issuer: who.issuer ?? null,
    subject: who.subject ?? null,
    member: who.member ?? null,
    organisation: who.organisation ?? null,
    datasets: JSON.stringify(event.datasets),
    purpose: event.purpose ?? null,
    decision: event.decision,
    code: event.code ?? null,
    level: event.level,
    permits: JSON.stringify(event.permits),
    answer_count: answer?.count ?? null,
    answer_records: answer?.records ?? null,
    suppressed: flag(answer?.suppressed),
    filters: shape?.filters ?? null,
    small: flag(shape?.small),
    repeated: flag(shape?.repeated),
    duration_ms: event.durationMs ?? null,
    ledger_index: event.ledgerIndex ?? null,
  };
}

function eventOf(row: Row): AuditEvent {
  return {
    id: row.id,
    at: row.at,
    operation: oneOf(AUDIT_OPERATIONS, row.operation),
    who: {
      kind: oneOf(WHO_KINDS, row.who_kind),
      ...(row.issuer !== null && { issuer: row.issuer }),
      ...(row.subject !== null && { subject: row.subject }),
      ...(row.member !== null && { member: row.member }),
      ...(row.organisation !== null && { organisation: row.organisation }),
    },
    datasets: jsonStrings(row.datasets),
    ...(row.purpose !== null && { purpose: oneOf(PURPOSES, row.purpose) }),
    decision: oneOf(DECISIONS, row.decision),
    ...(row.code !== null && { code: row.code }),
    level: oneOf(ACCESS_LEVELS, row.level),
    permits: jsonStrings(row.permits),
    ...(row.answer_count !== null && {
      answer: {
        count: Number(row.answer_count),
        records: Number(row.answer_records),
        suppressed: row.suppressed === 1,
      },
    }),
    ...(row.filters !== null && {
      shape: { filters: row.filters, small: row.small === 1, repeated: row.repeated === 1 },
    }),
    ...(row.duration_ms !== null && { durationMs: row.duration_ms }),
    ...(row.ledger_index !== null && { ledgerIndex: Number(row.ledger_index) }),
  };
}

function flag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
}

function anomalyOf(text: string): Anomaly {
  const value: unknown = JSON.parse(text);
  if (!isAnomaly(value)) throw new NodeError('node/store', 'the anomalies hold something else');
  return value;
}
