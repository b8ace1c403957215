import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { billOfMaterials, licenceTable, packagesOf, readLock } from '../../scripts/sbom.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const lock = readLock();
const packages = packagesOf(lock);

/**
 * Licences that may be combined with Apache-2.0 in what we publish. The unusual: 0BSD is MIT without its notice;
 * BlueOak-1.0.0 is permissive like Apache-2.0 (`glob` and its kin); OFL-1.1 covers the typefaces, unchanged.
 */
const RUNTIME_LICENCES = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'OFL-1.1'];
/** MPL-2.0: axe-core and lightningcss, which test and build, and are in nothing that is published. */
const DEVELOPMENT_LICENCES = [...RUNTIME_LICENCES, 'MIT OR Apache-2.0', 'MPL-2.0'];

test('every version that a package asks for is exact, and the one that the lock file has', () => {
  const loose: string[] = [];
  for (const path of Object.keys(lock).filter((each) => !each.includes('node_modules/'))) {
    const file = `${path === '' ? '' : `${path}/`}package.json`;
    const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(
      readFileSync(ROOT + file, 'utf8'),
    );
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
      expect(lock[path]?.[kind] ?? {}, file).toEqual(manifest[kind] ?? {});
      for (const [name, version] of Object.entries(manifest[kind] ?? {}))
        if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version) || version !== lockedVersion(path, name))
          loose.push(`${file}: ${name} ${version}`);
    }
  }
  expect(loose).toEqual([]);
});

function lockedVersion(workspace: string, name: string): string | undefined {
  const entry = lock[`${workspace}/node_modules/${name}`] ?? lock[`node_modules/${name}`];
  return entry?.link ? lock[entry.resolved ?? '']?.version : entry?.version;
}

test('every package has a hash and a licence that we may use, and none runs a script when it is installed', () => {
  expect(packages.length).toBeGreaterThan(100);
  const wrong = packages.filter(
    ({ licence, integrity, isRuntime, hasInstallScript }) =>
      hasInstallScript ||
      !integrity.startsWith('sha512-') ||
      !(isRuntime ? RUNTIME_LICENCES : DEVELOPMENT_LICENCES).includes(licence),
  );
  expect(wrong.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
});

/** The lock file need not say it of every package, and npm compiles whatever has a binding.gyp. */
test('no installed package has a script of its own to install it, whatever the lock file says', () => {
  const installed = packages.flatMap(({ paths }) => paths).filter((path) => existsSync(ROOT + path));
  expect(installed.length).toBeGreaterThan(100);
  const running = installed.filter((path) => {
    const manifest: { scripts?: Record<string, string> } = JSON.parse(
      readFileSync(`${ROOT}${path}/package.json`, 'utf8'),
    );
    const hooks = ['preinstall', 'install', 'postinstall'].some((hook) => manifest.scripts?.[hook]);
    return hooks || existsSync(`${ROOT}${path}/binding.gyp`);
  });
  expect(running).toEqual([]);
});

test('the table of licences is that of the lock file', () => {
  expect(readFileSync(`${ROOT}docs/licences.md`, 'utf8')).toBe(licenceTable(lock));
});

test('the bill of materials lists each package once with its hash, and knows whatever a package needs', () => {
  const bill = billOfMaterials(lock);
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
  const refs = bill.components.map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(packages.length);
  for (const component of bill.components) {
    expect(component.purl).toMatch(/^pkg:npm\/(%40[^/@]+\/)?[^/@]+@\d/);
    for (const { content } of component.hashes) expect(content).toMatch(/^[0-9a-f]{128}$/);
  }
  const known = new Set([bill.metadata.component['bom-ref'], ...refs]);
  const edges = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  expect(edges.filter((ref) => !known.has(ref))).toEqual([]);
  const scopeOf = (name: string) => bill.components.find((component) => component.name === name)?.scope;
  expect(['fastify', 'react', 'pino', 'vitest', 'axe-core'].map(scopeOf)).toEqual([
    'required',
    'required',
    'required',
    'excluded',
    'excluded',
  ]);
});

test('the bill of materials names what each package needs, and the root leads to whatever runs', () => {
  const bill = billOfMaterials(lock);
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const nameOf = new Map(bill.components.map((component) => [component['bom-ref'], component.name]));
  for (const { name, version, paths } of packages) {
    const asked = new Set(paths.flatMap((path) => Object.keys(lock[path]?.dependencies ?? {})));
    const named = needs.get(`pkg:npm/${name.replace('@', '%40')}@${version}`)?.map((ref) => nameOf.get(ref));
    expect(named, name).toEqual(expect.arrayContaining([...asked]));
  }
  const reached = new Set([bill.metadata.component['bom-ref']]);
  for (const ref of reached) for (const next of needs.get(ref) ?? []) reached.add(next);
  const required = bill.components.filter(({ scope }) => scope === 'required');
  expect(required.filter((component) => !reached.has(component['bom-ref']))).toEqual([]);
});

test('the bill of materials is the same wherever it is made', () => {
  const text = JSON.stringify(billOfMaterials(lock));
  expect(text).toBe(JSON.stringify(billOfMaterials(readLock())));
  expect(text).not.toMatch(/timestamp|serialNumber|file:|resolved/);
});
