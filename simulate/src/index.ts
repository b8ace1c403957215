export * from './errors.ts';
export type { CountryTruth, PlantedTruth } from './files/truth.ts';
export { GENES, type Gene } from './genome/genes.ts';
export { PLANTED, type PlantedVariant } from './genome/planted.ts';
export { CONDITIONS, type Condition } from './health/conditions.ts';
export { type Country, countryOf, DEFAULT_COUNTRIES } from './people/countries.ts';
export * from './simulate-population.ts';
