const SPECIFICATION = 'https://raw.githubusercontent.com/ga4gh-beacon/beacon-v2/v2.1.1';
const MODEL = `${SPECIFICATION}/models/json/beacon-v2-default-model`;

/** An entry type of the Beacon v2 default model that this Beacon answers about. */
export interface EntryType {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly term: { readonly id: string; readonly label: string };
  readonly schema: {
    readonly id: string;
    readonly name: string;
    readonly url: string;
    readonly version: string;
  };
  /** The OpenAPI description of its endpoints. */
  readonly openApi: string;
}

export const DATASET: EntryType = {
  id: 'dataset',
  path: 'datasets',
  name: 'Dataset',
  description: 'Genomes and health records of people who were recruited and sequenced together.',
  term: { id: 'NCIT:C47824', label: 'Data set' },
  schema: {
    id: 'ga4gh-beacon-dataset-v2.0.0',
    name: 'Default schema for datasets',
    url: `${MODEL}/datasets/defaultSchema.json`,
    version: 'v2.0.0',
  },
  openApi: `${MODEL}/datasets/endpoints.json`,
};

export const INDIVIDUAL: EntryType = {
  id: 'individual',
  path: 'individuals',
  name: 'Individual',
  description: 'A person who takes part. Counted, never shown.',
  term: { id: 'NCIT:C25190', label: 'Person' },
  schema: {
    id: 'ga4gh-beacon-individual-v2.0.0',
    name: 'Default schema for an individual',
    url: `${MODEL}/individuals/defaultSchema.json`,
    version: 'v2.0.0',
  },
  openApi: `${MODEL}/individuals/endpoints.json`,
};

export const GENOMIC_VARIANT: EntryType = {
  id: 'genomicVariant',
  path: 'g_variants',
  name: 'Genomic Variants',
  description: 'A normalised, biallelic variant that enough people carry, with its allele frequencies.',
  term: { id: 'ENSGLOSSARY:0000092', label: 'Variant' },
  schema: {
    id: 'ga4gh-beacon-variant-v2.1.0',
    name: 'Default schema for a genomic variation',
    url: `${MODEL}/genomicVariations/defaultSchema.json`,
    version: 'v2.1.0',
  },
  openApi: `${MODEL}/genomicVariations/endpoints.json`,
};

export const ENTRY_TYPES: readonly EntryType[] = [DATASET, INDIVIDUAL, GENOMIC_VARIANT];

export const CONFIGURATION_SCHEMA = `${SPECIFICATION}/framework/json/configuration/beaconConfigurationSchema.json`;
export const MAP_SCHEMA = `${SPECIFICATION}/framework/json/configuration/beaconMapSchema.json`;
export const FILTERING_TERMS_SCHEMA = `${SPECIFICATION}/framework/json/responses/sections/beaconFilteringTermsResults.json`;
export const INFO_SCHEMA = `${SPECIFICATION}/framework/json/responses/sections/beaconInfoResults.json`;
