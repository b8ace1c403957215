export * from './errors.ts';
export * from './home.ts';
export {
  buildServer,
  type RunningServer,
  type ServedNode,
  type ServerOptions,
  serveNode,
} from './http/server.ts';
export * from './main.ts';
export type * from './services/cohorts.ts';
export type * from './services/consents.ts';
export type * from './services/counts.ts';
export type * from './services/datasets.ts';
export type * from './services/exports.ts';
export type * from './services/frequencies.ts';
export type * from './services/genes.ts';
export type * from './services/groups.ts';
export * from './services/network/directory.ts';
export * from './services/network/hub-answers.ts';
export * from './services/network/network-service.ts';
export type * from './services/ontologies.ts';
export type * from './services/projections.ts';
export type * from './services/subjects.ts';
export * from './stores/atomic-file.ts';
export type * from './stores/records/records.ts';
export * from './variant-names.ts';
