// `npm run bench`: every comparison with the peers.
await import('./store.ts');
