import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgresRecords } from '../../packages/node/src/stores/records/open.ts';
import { recordsContract } from '../../packages/node/src/stores/records/records.contract.ts';

describe.skipIf(!hasPostgres())('the contract of the records', () => {
  let server: TemporaryPostgres;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server.stop());

  recordsContract('records in PostgreSQL', async () => {
    const url = await server.database(`records_${databases++}`);
    return () => openPostgresRecords(url);
  });
});
