import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { europeOf } from './src/map/europe-topology.ts';

/** Cuts the countries that the map shows out of world-atlas, so that the browser loads nothing else. */
function europe(): Plugin {
  return {
    name: 'federome-europe',
    enforce: 'pre',
    load(id) {
      const [path = ''] = id.split('?');
      if (!path.endsWith('world-atlas/countries-50m.json')) return undefined;
      return JSON.stringify(europeOf(JSON.parse(readFileSync(path, 'utf8'))));
    },
  };
}

// A third of React Aria's code are its own words in 34 languages; English stays as what it falls back to.
const SPOKEN = new Set(['en-US', 'de-DE', 'et-EE', 'es-ES', 'fr-FR', 'it-IT', 'fi-FI']);

/** Leaves out React Aria's words in languages that the portal does not speak. */
function spokenLanguagesOnly(): Plugin {
  return {
    name: 'federome-languages',
    enforce: 'pre',
    load(id) {
      const language = /react-(?:aria|stately)[^?]*\/intl\/[^?]*\/([a-z]{2}-[A-Z]{2})\.mjs/.exec(id)?.[1];
      return language === undefined || SPOKEN.has(language) ? undefined : 'export default {};';
    },
  };
}

/** `FEDEROME_HUB` names the hub that answers the API while developing (`vite` in this folder). */
export default defineConfig({
  base: '/portal/',
  plugins: [react(), europe(), spokenLanguagesOnly()],
  // Bundled beforehand while developing, it would come whole.
  optimizeDeps: { exclude: ['world-atlas'] },
  server: { proxy: { '/api': process.env.FEDEROME_HUB ?? 'http://127.0.0.1:8080' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy has no data: addresses, and light-dark() needs no rewriting.
    assetsInlineLimit: 0,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    rollupOptions: {
      output: {
        manualChunks: (id: string) =>
          /node_modules\/(react|react-dom|scheduler)\//.test(id) ? 'react' : undefined,
      },
    },
  },
});
