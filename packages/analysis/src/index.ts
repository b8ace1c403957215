export * from './disclosure/frequencies.ts';
export * from './summaries/population-frequency.ts';
