import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Which workspace packages a room may import; docs/architecture.md says why. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/tlog': [],
  'packages/formats': ['core'],
  'packages/genotypes': ['core', 'formats'],
  'packages/analysis': ['core', 'genotypes'],
  'packages/client': ['core'],
  'packages/node': ['analysis', 'client', 'core', 'formats', 'genotypes', 'tlog'],
  'packages/cli': ['client', 'core', 'node', 'simulate', 'tlog'],
  'packages/portal': ['client', 'core'],
  simulate: ['core'],
};

/** Files over 400 lines, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

interface Import {
  readonly from: string;
  readonly specifier: string;
}

function sourceFiles(directory: string): readonly string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'build'].includes(entry.name) ? [] : sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const isTest = (file: string) => /\.(test|contract)\.tsx?$/.test(file);
const rooms = Object.keys(ARROWS);
const sources = rooms.flatMap(sourceFiles).filter((file) => !isTest(file));

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  );
  return [...statements].map((match) => ({ from: file, specifier: match[1] ?? match[2] ?? match[3] ?? '' }));
}

const imports = sources.flatMap(importsOf);

function roomOf(file: string): string {
  const room = rooms.find((name) => file.startsWith(`${name}/`));
  if (room === undefined) throw new Error(`${file} lies in no room`);
  return room;
}

function targetOf({ from, specifier }: Import): string | undefined {
  return specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(from), specifier)) : undefined;
}

test('packages import each other only downwards', () => {
  const wrong = imports.filter(({ from, specifier }) => {
    const name = /^@federome\/([^/]+)/.exec(specifier)?.[1];
    if (name === undefined) return false;
    return !(ARROWS[roomOf(from)] ?? []).includes(name);
  });
  expect(wrong).toEqual([]);
});

test('a relative import never leaves its package', () => {
  const wrong = imports.filter((each) => {
    const target = targetOf(each);
    return target !== undefined && !target.startsWith(`${roomOf(each.from)}/`);
  });
  expect(wrong).toEqual([]);
});

test('the core is pure: it imports nothing, and asks for no clock and no randomness', () => {
  const core = sources.filter((file) => file.startsWith('packages/core/'));
  const outside = imports.filter(({ from, specifier }) => core.includes(from) && !specifier.startsWith('.'));
  expect(outside).toEqual([]);
  const impure = core.filter((file) =>
    /Date\.now|new Date\(\)|Math\.random|process\.|globalThis/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(impure).toEqual([]);
});

test('the client and the portal run in a browser: they import nothing of Node', () => {
  const wrong = imports.filter(
    ({ from, specifier }) => /^packages\/(client|portal)\/src/.test(from) && specifier.startsWith('node:'),
  );
  expect(wrong).toEqual([]);
});

test('inside a node, arrows run from http to services to stores, and siblings among the services never meet', () => {
  const layer = (file: string) => /^packages\/node\/src\/(http|services|stores)\//.exec(file)?.[1];
  const rank = { http: 2, services: 1, stores: 0 };
  const service = (file: string) => /^packages\/node\/src\/services\/([^/.]+)/.exec(file)?.[1];
  const wrong = imports.filter((each) => {
    const target = targetOf(each);
    if (target === undefined) return false;
    const [above, below] = [layer(each.from), layer(target)];
    if (above === undefined || below === undefined) return false;
    if (rank[above as keyof typeof rank] < rank[below as keyof typeof rank]) return true;
    return above === 'services' && below === 'services' && service(each.from) !== service(target);
  });
  expect(wrong).toEqual([]);
});

test('no two files import each other in a circle', () => {
  const graph = new Map<string, string[]>();
  for (const each of imports) {
    const target = targetOf(each);
    if (target !== undefined) graph.set(each.from, [...(graph.get(each.from) ?? []), target]);
  }
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (done.has(file) || path.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test('no file or folder is called after nothing in particular', () => {
  const vague = sources.filter((file) =>
    file.split('/').some((part) => /^(utils?|commons?|helpers?|types|config|misc)(\.tsx?)?$/.test(part)),
  );
  expect(vague).toEqual([]);
});

test('a file over 400 lines is listed with its reason', () => {
  const long = sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 401);
  expect(long.sort()).toEqual(Object.keys(LONG_FILES).sort());
});

test('every runtime dependency has its line in docs/dependencies.md, and no other is imported', () => {
  const documented = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  const wrong: string[] = [];
  for (const room of rooms) {
    const manifest: { dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(join(ROOT, room, 'package.json'), 'utf8'),
    );
    const declared = Object.keys(manifest.dependencies ?? {});
    for (const name of declared)
      if (!name.startsWith('@federome/') && !documented.includes(`\`${name}\``))
        wrong.push(`${name} is not documented`);
    const imported = imports
      .filter(({ from }) => from.startsWith(`${room}/src`))
      .map(({ specifier }) => specifier);
    for (const specifier of imported) {
      if (/^(\.|node:)/.test(specifier)) continue;
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!declared.includes(name)) wrong.push(`${room} imports ${name}, which it does not declare`);
    }
    for (const name of declared)
      if (!imported.some((specifier) => specifier === name || specifier.startsWith(`${name}/`)))
        wrong.push(`${room} declares ${name} and never imports it`);
  }
  expect(wrong).toEqual([]);
});

test('every package that exists is a room with its arrows', () => {
  const packages = readdirSync(join(ROOT, 'packages')).filter((name) =>
    statSync(join(ROOT, 'packages', name)).isDirectory(),
  );
  expect(packages.map((name) => `packages/${name}`).filter((name) => !(name in ARROWS))).toEqual([]);
});
