import { hasPostgres, startPostgres, type TemporaryPostgres } from '@federome/testkit';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { openPostgres, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import { oidcStoreContract } from '../../packages/node/src/stores/oidc/oidc-store.contract.ts';
import { SqlOidcStore } from '../../packages/node/src/stores/oidc/sql-oidc-store.ts';
import { peopleStoreContract } from '../../packages/node/src/stores/people/people.contract.ts';
import { SqlPeopleStore } from '../../packages/node/src/stores/people/sql-people-store.ts';
import { sessionStoreContract } from '../../packages/node/src/stores/sessions/sessions.contract.ts';
import { SqlSessionStore } from '../../packages/node/src/stores/sessions/sql-session-store.ts';

describe.skipIf(!hasPostgres())('the contracts of people, sessions and the provider', () => {
  let server: TemporaryPostgres;
  const open: SqlDatabase[] = [];
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(async () => await server.stop());

  const database = async (): Promise<SqlDatabase> => {
    const opened = await openPostgres(await server.database(`identity_${databases++}`));
    open.push(opened);
    return opened;
  };
  peopleStoreContract('people in PostgreSQL', async () => new SqlPeopleStore(await database()));
  sessionStoreContract('sessions in PostgreSQL', async () => new SqlSessionStore(await database()));
  oidcStoreContract('the provider in PostgreSQL', async () => new SqlOidcStore(await database()));
});
