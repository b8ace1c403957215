import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { openPostgres, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import { directoryStoreContract } from '../../packages/node/src/stores/directory/directory-store.contract.ts';
import { SqlDirectoryStore } from '../../packages/node/src/stores/directory/sql-directory-store.ts';

describe.skipIf(!hasPostgres())('the contract of the directory', () => {
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

  directoryStoreContract('the directory in PostgreSQL', async () => {
    const database = await openPostgres(await server.database(`directory_${databases++}`));
    open.push(database);
    return new SqlDirectoryStore(database);
  });
});
