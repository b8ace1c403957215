export * from './disclosure/frequencies.ts';
export * from './summaries/group-counts.ts';
export * from './summaries/population-frequency.ts';
