export * from './answers.ts';
export * from './beacon.ts';
export * from './client.ts';
export * from './errors.ts';
export type { BeaconInfo } from './info.ts';
export * from './network.ts';
export { type ParameterStyle, requestBody, requestSearch } from './request.ts';
export type { BeaconDataset, FilteringTerm, ServiceInfo } from './schemas.ts';
export type { CallOptions, Fetch, TransportOptions } from './transport.ts';
