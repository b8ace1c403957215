import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { DirectoryStorage } from './directory-storage.ts';
import { MemoryStorage } from './memory-storage.ts';
import { storageContract } from './storage.contract.ts';

const root = mkdtempSync(join(tmpdir(), 'tlog-'));
afterAll(() => rmSync(root, { recursive: true }));

let places = 0;
storageContract('a directory', () => {
  const directory = join(root, String(places++), 'deep', 'log');
  return () => new DirectoryStorage(directory);
});
storageContract('memory', () => {
  const storage = new MemoryStorage();
  return () => storage;
});
