import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { auditStoreContract } from '../../packages/node/src/stores/audit/audit-store.contract.ts';
import { SqlAuditStore } from '../../packages/node/src/stores/audit/sql-audit-store.ts';
import { openPostgres, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';

describe.skipIf(!hasPostgres())('the contract of the audit', () => {
  let server: TemporaryPostgres;
  let databases = 0;
  const open: SqlDatabase[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(async () => await server.stop());

  auditStoreContract('the audit in PostgreSQL', async () => {
    const url = await server.database(`audit_${databases++}`);
    const stores = [await openPostgres(url), await openPostgres(url)] as const;
    open.push(...stores);
    return { store: new SqlAuditStore(stores[0]), again: new SqlAuditStore(stores[1]) };
  });
});
