import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { openPostgres, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import { ledgerStoreContract } from '../../packages/node/src/stores/ledger/ledger-store.contract.ts';

describe.skipIf(!hasPostgres())('the contract of the ledger', () => {
  let server: TemporaryPostgres;
  let databases = 0;
  const open: SqlDatabase[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
  });
  afterAll(async () => await server.stop());

  ledgerStoreContract('the ledger in PostgreSQL', async () => {
    const database = await openPostgres(await server.database(`ledger_${databases++}`));
    open.push(database);
    return database;
  });
});
