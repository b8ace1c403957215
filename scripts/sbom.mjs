// The software bill of materials (CycloneDX 1.6) and the table of licences, from the lock file alone: the same lock file
// gives the same bytes on every machine. `sbom.mjs` prints the bill, or with `--out` writes it to
// build/sbom.cdx.json; `sbom.mjs --licences` prints the table.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MODULES = 'node_modules/';
const OUT = fileURLToPath(new URL('../build/sbom.cdx.json', import.meta.url));

/** What package-lock.json says: a package for each path, our own ones among them. */
export function readLock(path = fileURLToPath(new URL('../package-lock.json', import.meta.url))) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** Packages that npm brings, each version once, with where it lies and whether a running node or portal has it. */
export function packagesOf(lock) {
  const running = reachable(lock, (entry) => ({ ...entry.dependencies, ...entry.optionalDependencies }));
  const found = new Map();
  for (const [path, entry] of Object.entries(lock)) {
    if (!path.includes(MODULES) || entry.link) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf(MODULES) + MODULES.length);
    const key = `${name}@${entry.version}`;
    const before = found.get(key);
    found.set(key, {
      name,
      version: entry.version,
      licence: entry.license,
      integrity: entry.integrity,
      hasInstallScript: entry.hasInstallScript === true,
      paths: [...(before?.paths ?? []), path],
      isRuntime: running.has(path) || before?.isRuntime === true,
    });
  }
  return [...found.values()].sort((a, b) => (purlOf(a) < purlOf(b) ? -1 : 1));
}

/** What our workspaces need to run: along `dependencies`, from each of them but the tests and the benchmark. */
function reachable(lock, needs) {
  const seen = new Set();
  const waiting = Object.keys(lock).filter(
    (path) => !path.includes(MODULES) && !['test', 'bench'].includes(path),
  );
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const name of Object.keys(needs(lock[path]))) {
      const at = resolve(lock, path, name);
      if (at === undefined || seen.has(at)) continue;
      seen.add(at);
      waiting.push(at);
    }
  }
  return seen;
}

/** Where Node finds `name` from `path`; `undefined` for an optional package of another platform. */
function resolve(lock, path, name) {
  for (let at = path; ; at = parentOf(at)) {
    const candidate = `${at === '' ? '' : `${at}/`}${MODULES}${name}`;
    const entry = lock[candidate];
    if (entry !== undefined) return entry.link ? entry.resolved : candidate;
    if (at === '') return undefined;
  }
}

function parentOf(path) {
  const inside = path.lastIndexOf(`/${MODULES}`);
  return inside === -1 ? '' : path.slice(0, inside);
}

function purlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** The bill as CycloneDX 1.6 wants it (ECMA-424), with every component's hash and the graph of what needs what. */
export function billOfMaterials(lock) {
  const packages = packagesOf(lock);
  const purls = new Map(packages.flatMap((each) => each.paths.map((path) => [path, purlOf(each)])));
  const own = lock[''];
  const root = `pkg:npm/${own.name}@${own.version}`;
  const needed = (path) =>
    Object.keys({ ...lock[path].dependencies, ...lock[path].optionalDependencies }).flatMap((name) => {
      const at = resolve(lock, path, name);
      return purls.get(at) ?? (at === undefined || at.includes(MODULES) ? [] : needed(at));
    });
  const workspaces = Object.keys(lock).filter((path) => !path.includes(MODULES));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: own.name,
        version: own.version,
        purl: root,
        licenses: [licenceOf(own.license)],
      },
    },
    components: packages.map((each) => ({
      type: 'library',
      'bom-ref': purlOf(each),
      name: each.name,
      version: each.version,
      scope: each.isRuntime ? 'required' : 'excluded',
      hashes: hashesOf(each.integrity),
      licenses: [licenceOf(each.licence)],
      purl: purlOf(each),
    })),
    dependencies: [
      { ref: root, dependsOn: sorted(workspaces.flatMap(needed)) },
      ...packages.map((each) => ({ ref: purlOf(each), dependsOn: sorted(each.paths.flatMap(needed)) })),
    ],
  };
}

function licenceOf(text) {
  return / (OR|AND|WITH) /.test(text) ? { expression: text } : { license: { id: text } };
}

/** npm's integrity is base64 (SRI); CycloneDX writes hashes in hexadecimal digits. */
function hashesOf(integrity) {
  return integrity.split(' ').map((each) => {
    const [algorithm, base64] = each.split(/-(.*)/s);
    const alg = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' }[algorithm];
    return { alg, content: Buffer.from(base64, 'base64').toString('hex') };
  });
}

function sorted(purls) {
  return [...new Set(purls)].sort();
}

/** docs/licences.md: which licence covers what, in a running Federome and in its development. */
export function licenceTable(lock) {
  const packages = packagesOf(lock);
  const table = (isRuntime) => {
    const names = new Map();
    for (const each of packages.filter((one) => one.isRuntime === isRuntime)) {
      names.set(each.licence, [...(names.get(each.licence) ?? []), `${each.name} ${each.version}`]);
    }
    const rows = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      '| licence | packages |',
      '|---|---|',
      ...rows.map(([licence, all]) => `| ${licence} | ${all.join(', ')} |`),
    ];
  };
  return [
    '# Licences',
    '',
    'Federome is Apache-2.0. What npm brings, by licence; written by `npm run --silent sbom -- --licences > docs/licences.md`, and held against the lock file by a test. The bill of materials with hashes is `npm run --silent sbom` (CycloneDX 1.6); a build writes it to `build/sbom.cdx.json`.',
    '',
    '## In a running Federome',
    '',
    ...table(true),
    '',
    '## For development only',
    '',
    ...table(false),
    '',
  ].join('\n');
}

function write(lock) {
  const bill = `${JSON.stringify(billOfMaterials(lock), null, 2)}\n`;
  if (process.argv.includes('--licences')) process.stdout.write(licenceTable(lock));
  else if (!process.argv.includes('--out')) process.stdout.write(bill);
  else {
    mkdirSync(dirname(OUT), { recursive: true });
    writeFileSync(OUT, bill);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) write(readLock());
