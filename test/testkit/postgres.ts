import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** Whether a temporary PostgreSQL cluster can be made here: its programs, and a user for them where we are root. */
export function hasPostgres(): boolean {
  return programs() !== undefined && (process.getuid?.() !== 0 || owner() !== undefined);
}

export interface TemporaryPostgres {
  /** Makes an empty database and gives its URL. */
  readonly database: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/**
 * A new PostgreSQL cluster of its own, on a unix socket in its own directory: no port is taken and none is open.
 * The caller stops it.
 */
export async function startPostgres(): Promise<TemporaryPostgres> {
  const bin = programs();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? owner() : undefined;
  const directory = mkdtempSync(join(tmpdir(), 'federome-pg-'));
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const call = (program: string, ...args: readonly string[]) =>
    run(join(bin, program), args, { cwd: directory, ...user });
  await call('initdb', '-D', data, '-U', 'federome', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const options = `-c listen_addresses= -c unix_socket_directories=${directory} -c max_connections=50`;
  // Its output goes to a file: a pipe of ours would stay open as long as the server runs.
  await call('pg_ctl', '-D', data, '-l', join(directory, 'log'), '-w', '-o', options, 'start');
  return {
    database: async (name) => {
      await call('createdb', '-h', directory, '-U', 'federome', name);
      return `postgres://federome@/${name}?host=${encodeURIComponent(directory)}`;
    },
    stop: async () => {
      await call('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The folder of initdb and pg_ctl: the newest that Debian has, else that of the search path. */
function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (folder !== undefined) return folder;
  const found = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim().replace(/\/initdb$/, '') : undefined;
}

function owner(): { readonly uid: number; readonly gid: number } | undefined {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }).toString());
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
