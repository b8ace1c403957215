import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { temporaryDirectory } from '../testkit/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
let root: string;

/** A program of one module in a place of its own, with the command's own entry, and what the build makes of it. */
beforeEach(async (context) => {
  root = await temporaryDirectory();
  const cli = join(root, 'packages/cli');
  await mkdir(join(cli, 'src'), { recursive: true });
  await mkdir(join(root, 'node_modules'));
  await cp(join(ROOT, 'packages/cli/bin'), join(cli, 'bin'), { recursive: true });
  await cp(join(ROOT, 'packages/cli/build.mjs'), join(cli, 'build.mjs'));
  await symlink(join(ROOT, 'node_modules/vite'), join(root, 'node_modules/vite'));
  await writeFile(join(root, 'node_modules/.package-lock.json'), '{}');
  await utimes(join(root, 'node_modules/.package-lock.json'), 0, 0);
  await writeMain('first');
  await writeFile(join(cli, 'package.json'), '{"type":"module"}');
  await run(process.execPath, [join(cli, 'build.mjs')]);
  context.onTestFinished(() => rm(root, { recursive: true, force: true }));
});

async function writeMain(said: string): Promise<void> {
  const main = `export async function main(args: readonly string[]): Promise<number> {
  console.log('${said}', import.meta.url, args.length);
  return 0;
}
`;
  await writeFile(join(root, 'packages/cli/src/main.ts'), main);
}

/** What the command says, and whether it ran from the files that the build made. */
async function said(environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', NODE_DEBUG: 'esm', ...environment };
  const entry = join(root, 'packages/cli/bin/federome.mjs');
  const { stdout, stderr } = await run(process.execPath, [entry, 'a', 'b'], { env, maxBuffer: 1 << 26 });
  return { stdout, joined: stderr.includes('build/bundle/main.js') };
}

test('the command runs from the files that the build made, as if from its source’s place', async () => {
  const { stdout, joined } = await said();
  expect(joined).toBe(true);
  expect(stdout).toMatch(/^first file:\/\/.*\/packages\/cli\/src\/main\.ts 2\n$/);
});

test('a source that changed since is run itself', async () => {
  await writeMain('other');
  const { stdout, joined } = await said();
  expect(joined).toBe(false);
  expect(stdout).toMatch(/^other /);
});

test('what was installed since, or the search for a fault, asks for the sources, too', async () => {
  expect((await said({ FEDEROME_DEBUG: '1' })).joined).toBe(false);
  const later = new Date(Date.now() + 60_000);
  await utimes(join(root, 'node_modules/.package-lock.json'), later, later);
  expect((await said()).joined).toBe(false);
});

test('a list of sources that is damaged or gone is passed over', async () => {
  const list = join(root, 'packages/cli/build/bundle/sources.json');
  const text = await readFile(list, 'utf8');
  await writeFile(list, text.slice(0, -5));
  expect((await said()).stdout).toMatch(/^first /);
  await rm(list);
  expect((await said()).joined).toBe(false);
});
