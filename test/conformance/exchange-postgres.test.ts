import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { openPostgres } from '../../packages/node/src/stores/database/database.ts';
import { exchangeStoreContract } from '../../packages/node/src/stores/exchange/exchange-store.contract.ts';
import { SqlExchangeStore } from '../../packages/node/src/stores/exchange/sql-exchange-store.ts';

describe.skipIf(!hasPostgres())('the contract of receipts', () => {
  let server: TemporaryPostgres;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server.stop());

  exchangeStoreContract('receipts in PostgreSQL', async () => {
    const url = await server.database(`exchange_${databases++}`);
    const [one, other] = [await openPostgres(url), await openPostgres(url)];
    onTestFinished(async () => {
      await one.close();
      await other.close();
    });
    return { store: new SqlExchangeStore(one), again: new SqlExchangeStore(other) };
  });
});
