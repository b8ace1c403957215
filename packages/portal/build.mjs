// Builds the portal into packages/portal/dist; runs on any Node that vite supports (20.19 or later).
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Resolves when `dist` holds the portal as the server serves it at /portal/. */
export async function buildPortal({ quiet = false } = {}) {
  // A test runner's NODE_ENV would build React's slow development version.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      root,
      configFile: `${root}vite.config.ts`,
      mode: 'production',
      logLevel: quiet ? 'error' : 'info',
    });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPortal();
