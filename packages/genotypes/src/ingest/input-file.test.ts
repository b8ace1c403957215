import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inputState, PassingDigest, sha256Of } from './input-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-input-'));
afterAll(() => rmSync(directory, { recursive: true }));

const FILE = join(directory, 'file');
const CONTENT = Buffer.from('some bytes of a file');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const CHANGED = { code: 'formats/file-not-readable', location: { file: FILE } };

function passed(...parts: readonly Uint8Array[]): PassingDigest {
  const digest = new PassingDigest();
  for (const part of parts) digest.take(part);
  return digest;
}

test('a digest taken in passing is that of the whole file', async () => {
  writeFileSync(FILE, CONTENT);
  const input = await inputState(FILE);
  expect(input.bytes).toBe(CONTENT.length);
  expect(await passed(CONTENT.subarray(0, 7), CONTENT.subarray(7)).finish(FILE, input)).toBe(SHA256);
  expect(await sha256Of(FILE)).toBe(SHA256);
});

test('a file of which not all bytes passed, or that changed meanwhile, has no digest', async () => {
  writeFileSync(FILE, CONTENT);
  const input = await inputState(FILE);
  await expect(passed(CONTENT.subarray(1)).finish(FILE, input)).rejects.toMatchObject(CHANGED);
  utimesSync(FILE, 1, 1);
  await expect(passed(CONTENT).finish(FILE, input)).rejects.toMatchObject(CHANGED);
});

test('a file that is not there cannot be read', async () => {
  const absent = join(directory, 'absent');
  const refusal = { code: 'formats/file-not-readable', location: { file: absent } };
  await expect(inputState(absent)).rejects.toMatchObject(refusal);
  await expect(sha256Of(absent)).rejects.toMatchObject(refusal);
});
