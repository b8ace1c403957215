// Entry of the README's commands. Runs under whatever Node the machine has: installs and builds what is missing, then
// hands over to the Node that npm brought. Usage: node scripts/run.mjs demo|test|bench|federome [arguments]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const [command, ...args] = process.argv.slice(2);

const cli = join(root, 'packages', 'cli', 'bin', 'federome.mjs');
const COMMANDS = {
  demo: [cli, 'demo'],
  federome: [cli],
  bench: [join(root, 'bench', 'main.ts')],
  test: [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'],
};

if (!Object.hasOwn(COMMANDS, command ?? '')) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
  process.exit(2);
}
install();
const node = nodeOfNpm();
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
must(node, [join(root, 'scripts', 'build.mjs')], 'The build failed.');
handOver(node, [...COMMANDS[command], ...args]);

function install() {
  if (isInstalled()) return;
  console.error('Installing dependencies (once) …');
  const npm = process.env.npm_execpath;
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm !== undefined) must(process.execPath, [npm, ...options], 'npm ci failed.');
  else must('npm', options, 'npm ci failed.');
}

/** Whether what npm says it installed is what the lock file wants; packages of other platforms may be absent. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const has = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      !path.startsWith('node_modules/') || optional === true || has[path]?.version === version,
  );
}

function nodeOfNpm() {
  const brought = join(bin, 'node');
  if (existsSync(brought) && spawnSync(brought, ['--version']).status === 0) return brought;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(
    `Federome needs Node 24 or later. npm brings it on Linux (x64, arm64); on ${process.platform}/${process.arch} install it yourself (this is ${process.version}).`,
  );
  process.exit(1);
}

function must(program, programArgs, failure) {
  const result = spawnSync(program, programArgs, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: process.env,
  });
  if (result.status === 0) return;
  console.error(result.error === undefined ? failure : `${failure} ${result.error.message}`);
  process.exit(1);
}

function handOver(program, programArgs) {
  const child = spawn(program, programArgs, {
    cwd: command === 'federome' ? callerDirectory() : root,
    stdio: 'inherit',
    env,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function callerDirectory() {
  return process.env.INIT_CWD ?? process.cwd();
}
