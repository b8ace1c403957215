// Joins the command's modules into a few files in build/bundle, which bin/federome.mjs loads instead of the sources while
// these are what they were: Node spends 0.25 ms on each of 170 modules, and 49 ms on those of kysely alone. Plain
// JavaScript that runs on Node 20.19 and later: `node packages/cli/build.mjs`.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const OUT = at('build/bundle');
const LIST = `${OUT}/sources.json`;
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

/** What is joined with our own modules; whatever else npm installed is loaded from where it is. */
const JOINED = ['commander', 'csv-parse', 'kysely', 'tar-stream', 'typebox', 'yaml'];

export async function bundleCommand() {
  rmSync(LIST, { force: true });
  const sources = new Map();
  await build({
    configFile: false,
    root: at('.'),
    logLevel: 'error',
    plugins: [asIfInPlace(sources)],
    ssr: { noExternal: [...JOINED, /^@federome\//], target: 'node' },
    build: {
      ssr: true,
      outDir: OUT,
      // A server that runs may load a part of the program that it began with; parts are called by their content.
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: { main: at('src/main.ts') },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  // Written last: without it nothing of the folder is used.
  mkdirSync(OUT, { recursive: true });
  writeFileSync(LIST, JSON.stringify([...sources]));
  removeOld();
}

/** Parts that no build has made for a month. */
function removeOld() {
  for (const name of readdirSync(OUT)) {
    const path = `${OUT}/${name}`;
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
  }
}

/** Notes our own sources as they are, and lets each find the files beside it where it lies itself. */
function asIfInPlace(sources) {
  return {
    name: 'as-if-in-place',
    transform(code, id) {
      if (!id.endsWith('.ts') || id.includes('/node_modules/')) return null;
      const { mtimeMs, size } = statSync(id);
      sources.set(relative(OUT, id), `${mtimeMs} ${size}`);
      if (!code.includes('import.meta.url')) return null;
      const place = JSON.stringify(relative(OUT, id).replaceAll('\\', '/'));
      return {
        code: code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        map: null,
      };
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundleCommand();
