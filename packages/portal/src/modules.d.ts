declare module '*.css';
declare module '@fontsource-variable/*';

/** What vite.config.ts cuts out of it: countries in and around Europe. */
declare module 'world-atlas/countries-50m.json' {
  const topology: import('./map/europe-topology.ts').EuropeTopology;
  export default topology;
}
