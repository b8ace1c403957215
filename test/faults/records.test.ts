import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresRecords, openSqliteRecords } from '../../packages/node/src/stores/records/open.ts';
import type { RecordStore } from '../../packages/node/src/stores/records/records.ts';

const OPEN = new URL('../../packages/node/src/stores/records/open.ts', import.meta.url).href;
const PEOPLE_A_BATCH = 300;

/** Writes batch after batch, people and their consents in one transaction each, and says which are acknowledged. */
const WRITER = `
const [, , open, address] = process.argv;
const records = await (await import('${OPEN}'))[open](address);
for (let batch = 0; ; batch += 1) {
  const ids = Array.from({ length: ${PEOPLE_A_BATCH} }, (_, index) => 'b' + batch + '-' + index);
  await records.transaction(async (store) => {
    await store.putSubjects('d', ids.map((id) => ({ id, sex: 'female', observations: [], measurements: [] })));
    await store.appendConsents('d', ids.map((subject) => ({
      subject, scope: 'secondary-use', decision: 'deny', decidedAt: '2026-01-01T00:00:00.000Z',
    })));
  });
  process.stdout.write('acknowledged ' + batch + '\\n');
}
`;

const scratch = mkdtempSync(join(tmpdir(), 'federome-faults-'));
const writer = join(scratch, 'writer.mjs');
beforeAll(async () => await writeFile(writer, WRITER));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs the writer until it has acknowledged some batches, and kills it in the midst of a later one. */
async function acknowledgedBeforeKill(open: string, address: string, afterBatches: number): Promise<number> {
  const child = spawn(process.execPath, [writer, open, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.split('\n').length - 1 < afterBatches || child.killed) return;
    setTimeout(() => child.kill('SIGKILL'), 3);
  });
  await once(child, 'close');
  return text.split('\n').length - 1;
}

async function expectWhole(records: RecordStore, acknowledged: number): Promise<void> {
  const people = await records.subjectCount('d');
  expect(people % PEOPLE_A_BATCH).toBe(0);
  expect(people / PEOPLE_A_BATCH).toBeGreaterThanOrEqual(acknowledged);
  expect(await records.currentConsents('d')).toHaveLength(people);
  expect(await records.revision('d')).toBe((people / PEOPLE_A_BATCH) * 2);
  expect(await records.check()).toEqual([]);
}

const DATASET = {
  id: 'd',
  title: 'd',
  assembly: 'GRCh38',
  absent: 'missing',
  consentModel: 'opt-out',
  duo: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  metadata: {},
} as const;

describe('a process that is killed while it writes loses nothing that it acknowledged, and leaves no half', () => {
  test.each([1, 3, 6])('in SQLite, after %i batches', async (batches) => {
    const path = join(scratch, `killed-${batches}.sqlite`);
    const records = await openSqliteRecords(path);
    await records.addDataset(DATASET);
    const acknowledged = await acknowledgedBeforeKill('openSqliteRecords', path, batches);
    expect(acknowledged).toBeGreaterThanOrEqual(batches);
    // A connection from before and one from after the crash see the same.
    await expectWhole(records, acknowledged);
    await records.close();
    const reopened = await openSqliteRecords(path);
    await expectWhole(reopened, acknowledged);
    await reopened.close();
  });

  describe.skipIf(!hasPostgres())('PostgreSQL', () => {
    let server: TemporaryPostgres;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(async () => await server.stop());

    test('in PostgreSQL', async () => {
      const url = await server.database('killed');
      const records = await openPostgresRecords(url);
      await records.addDataset(DATASET);
      const acknowledged = await acknowledgedBeforeKill('openPostgresRecords', url, 3);
      expect(acknowledged).toBeGreaterThanOrEqual(3);
      await expectWhole(records, acknowledged);
      await records.close();
    });
  });
});

test('several processes write to one SQLite file at once, and none is refused', async () => {
  const path = join(scratch, 'shared.sqlite');
  const records = await openSqliteRecords(path);
  await records.addDataset(DATASET);
  const writers = await Promise.all([
    acknowledgedBeforeKill('openSqliteRecords', path, 3),
    acknowledgedBeforeKill('openSqliteRecords', path, 3),
  ]);
  expect(Math.min(...writers)).toBeGreaterThanOrEqual(3);
  const revision = await records.revision('d');
  expect(revision).toBeGreaterThanOrEqual(2 * (writers[0]! + writers[1]!));
  expect((await records.consentHistory('d', 'b0-0')).length).toBe(2);
  await records.close();
});
