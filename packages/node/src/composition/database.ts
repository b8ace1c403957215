import { NodeError } from '../errors.ts';
import { type Home, recordsPath } from '../home.ts';
import { openPostgres, openSqlite, type SqlDatabase } from '../stores/database/database.ts';

/** Opens the database that a home is configured with. Throws `node/bad-config`, `node/store`. */
export async function openDatabase(
  home: Home,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SqlDatabase> {
  const { records } = home.config;
  if (records.kind === 'sqlite') return await openSqlite(recordsPath(home));
  const url = environment[records.urlVariable];
  if (url === undefined || url === '') {
    throw new NodeError(
      'node/bad-config',
      `the records are in PostgreSQL, and ${records.urlVariable}, which holds the address, is not set`,
    );
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new NodeError(
      'node/bad-config',
      `${records.urlVariable} holds no address such as postgres://user@host/database`,
    );
  }
  return await openPostgres(url);
}
