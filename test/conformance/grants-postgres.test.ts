import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgres, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import { grantStoreContract } from '../../packages/node/src/stores/grants/grant-store.contract.ts';
import { SqlGrantStore } from '../../packages/node/src/stores/grants/sql-grant-store.ts';

describe.skipIf(!hasPostgres())('the contract of grants', () => {
  let server: TemporaryPostgres;
  let databases = 0;
  const open: SqlDatabase[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    for (const each of open) await each.close();
    await server.stop();
  });

  grantStoreContract('grants in PostgreSQL', async () => {
    const url = await server.database(`grants_${databases++}`);
    const [first, second] = [await openPostgres(url), await openPostgres(url)];
    open.push(first, second);
    return { store: new SqlGrantStore(first), again: new SqlGrantStore(second) };
  });
});
