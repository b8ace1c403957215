export * from './shared.ts';
export * from './temporary.ts';
export * from './tools.ts';
