import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** Path of a file of the real data and specifications that lie beside the project, which need not be there. */
export function sharedPath(path: string): string {
  return ROOT + path;
}

export function hasShared(...paths: readonly string[]): boolean {
  return paths.every((path) => existsSync(sharedPath(path)));
}
