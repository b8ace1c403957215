export * from './allele-counts.ts';
export * from './cli.ts';
export * from './people.ts';
export * from './postgres.ts';
export * from './served-node.ts';
export * from './shared.ts';
export * from './temporary.ts';
export * from './tools.ts';
