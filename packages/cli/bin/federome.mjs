#!/usr/bin/env node
// The command as npm links it: a shebang gets the machine's Node, which may be too old to run TypeScript. Then the Node
// that npm brought takes over.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= 24) {
  keepCompiledCode();
  const { main: run } = await import(program());
  process.exitCode = await run(process.argv.slice(2));
} else {
  const node = broughtByNpm();
  if (node === undefined) {
    console.error(`federome needs Node 24 or later (this is ${process.version}).`);
    process.exit(1);
  }
  // A signal from the terminal reaches both; the child decides when to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  const { status, signal } = spawnSync(node, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

/**
 * Keeps what V8 made of our modules in the user's own cache directory (a shared one such as /tmp could hold another
 * user's code), which halves the start of every command. Where that cannot be, Node goes on without;
 * NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
function keepCompiledCode() {
  const configured = process.env.XDG_CACHE_HOME ?? '';
  try {
    let directory = isAbsolute(configured) ? configured : join(homedir(), '.cache');
    // Made here and one by one: Node, asked to make them where nothing can be made (/proc), tries for ever.
    for (const part of ['', 'federome', 'node']) {
      directory = join(directory, part);
      if (!existsSync(directory)) mkdirSync(directory, { mode: 0o700 });
    }
    accessSync(directory, constants.W_OK);
    module.enableCompileCache(directory);
  } catch {
    // Only speed is lost.
  }
}

/** The command in few files where build.mjs made them of the sources as they are now, else (or to find a fault) the sources. */
function program() {
  if (process.env.FEDEROME_DEBUG) return new URL('../src/main.ts', import.meta.url);
  const bundle = new URL('../build/bundle/', import.meta.url);
  try {
    const list = new URL('sources.json', bundle);
    const installed = new URL('../../../node_modules/.package-lock.json', import.meta.url);
    const isCurrent =
      statSync(list).mtimeMs >= statSync(installed).mtimeMs &&
      JSON.parse(readFileSync(list, 'utf8')).every(([source, state]) => {
        const { mtimeMs, size } = statSync(new URL(source, bundle));
        return `${mtimeMs} ${size}` === state;
      });
    if (isCurrent) return new URL('main.js', bundle);
  } catch {
    // Nothing was built, or a source has gone.
  }
  return new URL('../src/main.ts', import.meta.url);
}

function broughtByNpm() {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/package.json`,
    );
    const node = join(dirname(manifest), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
