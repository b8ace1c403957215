// Builds what cannot run from its sources: the kernels (AssemblyScript to WASM) and the portal (a browser bundle); and
// what starts faster when it is joined: the command. Each is built again only when its sources have changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = join(root, 'package-lock.json');

const TARGETS = [
  {
    name: 'kernels that read',
    script: 'packages/formats/build.mjs',
    sources: ['packages/formats/src/kernels/assembly', 'packages/formats/build.mjs'],
    stamp: 'packages/formats/build/.stamp',
  },
  {
    name: 'kernels',
    script: 'packages/genotypes/build.mjs',
    sources: ['packages/genotypes/src/kernels/assembly', 'packages/genotypes/build.mjs'],
    stamp: 'packages/genotypes/build/.stamp',
  },
  {
    name: 'portal',
    script: 'packages/portal/build.mjs',
    sources: ['packages/portal', 'packages/client/src', 'packages/core/src'],
    stamp: 'packages/portal/dist/.stamp',
  },
  {
    name: 'bill of materials',
    script: 'scripts/sbom.mjs',
    arguments: ['--out'],
    sources: ['scripts/sbom.mjs'],
    stamp: 'build/.stamp',
  },
  {
    // Used while its sources have the times that they had, so that these decide here, too.
    name: 'command',
    script: 'packages/cli/build.mjs',
    sources: [
      'packages/cli/build.mjs',
      ...['analysis', 'cli', 'client', 'core', 'formats', 'genotypes', 'node', 'tlog'].map(
        (name) => `packages/${name}/src`,
      ),
      'simulate/src',
    ],
    stamp: 'packages/cli/build/.stamp',
    byTime: true,
  },
];

for (const target of TARGETS) {
  const digest = digestOf([...target.sources.map((path) => join(root, path)), lock], target.byTime);
  const stamp = join(root, target.stamp);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) continue;
  console.error(`Building the ${target.name} …`);
  const result = spawnSync(process.execPath, [join(root, target.script), ...(target.arguments ?? [])], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) process.exit(1);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function digestOf(paths, byTime = false) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(path)) {
      const state = byTime ? `${statSync(file).mtimeMs}` : readFileSync(file);
      hash.update(file.slice(root.length)).update(state);
    }
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(
      (entry) => !['node_modules', 'dist', 'build'].includes(entry.name) && !/\.test\.tsx?$/.test(entry.name),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}
