declare module '*.css';
declare module '@fontsource-variable/*';

/** Countries in and around Europe as a topology, made by vite.config.ts from world-atlas. */
declare module 'virtual:europe' {
  const topology: import('./map/europe-topology.ts').EuropeTopology;
  export default topology;
}
