export * from './beacon.ts';
export * from './errors.ts';
export * from './network.ts';
