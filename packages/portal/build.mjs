// Builds the portal into packages/portal/dist; runs on any Node that vite supports (20.19 or later).
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Resolves when `dist` holds the portal as the server serves it at /portal/. */
export async function buildPortal({ quiet = false } = {}) {
  await build({ root, configFile: `${root}vite.config.ts`, logLevel: quiet ? 'warn' : 'info' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPortal();
