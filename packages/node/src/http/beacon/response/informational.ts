import type { BeaconInfoExtension } from '@federome/client';
import type { BeaconDescription, DatasetDescription, FilteringTermsAnswer } from '@federome/core';
import { API_VERSION, type RequestSummary } from '../request/request.ts';
import { type Answerer, responseMeta, written } from './results.ts';
import {
  CONFIGURATION_SCHEMA,
  DATASET,
  ENTRY_TYPES,
  type EntryType,
  FILTERING_TERMS_SCHEMA,
  GENOMIC_VARIANT,
  INDIVIDUAL,
  INFO_SCHEMA,
  MAP_SCHEMA,
} from './schemas.ts';

const SOFTWARE_VERSION = '0.1.0';
const RELATED: Readonly<Record<string, readonly EntryType[]>> = {
  [DATASET.id]: [INDIVIDUAL, GENOMIC_VARIANT],
};

function informationalMeta(beaconId: string, entityType: string, schema: string) {
  return { beaconId, apiVersion: API_VERSION, returnedSchemas: [{ entityType, schema }] };
}

/** `GET /` and `/info`. */
export function infoResponse(beacon: BeaconDescription, url: string) {
  const { genomes, disclosure } = beacon;
  const info: BeaconInfoExtension = {
    role: beacon.role,
    country: beacon.country,
    genomes: {
      count: written(genomes),
      suppressed: genomes.kind === 'suppressed',
      threshold: disclosure.countThreshold,
    },
    datasets: beacon.datasets,
    assemblies: beacon.assemblies,
    disclosure,
  };
  return {
    meta: informationalMeta(beacon.id, 'info', INFO_SCHEMA),
    response: {
      id: beacon.id,
      name: beacon.name,
      apiVersion: API_VERSION,
      environment: 'prod',
      organization: { id: beacon.id, name: beacon.name, welcomeUrl: `${url}/portal/` },
      description: beacon.description,
      version: `v${SOFTWARE_VERSION}`,
      welcomeUrl: `${url}/portal/`,
      info,
    },
  };
}

/** `GET /service-info`: GA4GH Service Info 1.0, without Beacon's envelope. */
export function serviceInfo(beacon: BeaconDescription, url: string) {
  return {
    id: beacon.id,
    name: beacon.name,
    type: { group: 'org.ga4gh', artifact: 'beacon', version: API_VERSION.slice(1) },
    description: beacon.description,
    organization: { name: beacon.name, url: `${url}/` },
    version: SOFTWARE_VERSION,
    environment: 'prod',
  };
}

/** `GET /configuration`. */
export function configurationResponse(beaconId: string) {
  return {
    meta: informationalMeta(beaconId, 'configuration', CONFIGURATION_SCHEMA),
    response: {
      $schema: CONFIGURATION_SCHEMA,
      maturityAttributes: { productionStatus: 'PROD' },
      securityAttributes: {
        defaultGranularity: 'boolean',
        securityLevels: ['PUBLIC', 'REGISTERED', 'CONTROLLED'],
      },
      entryTypes: entryTypes(),
    },
  };
}

/** `GET /entry_types`. */
export function entryTypesResponse(beaconId: string) {
  return {
    meta: informationalMeta(beaconId, 'entryType', CONFIGURATION_SCHEMA),
    response: { entryTypes: entryTypes() },
  };
}

function entryTypes() {
  return Object.fromEntries(
    ENTRY_TYPES.map(({ id, name, description, term, schema }) => [
      id,
      {
        id,
        name,
        description,
        ontologyTermForThisType: term,
        partOfSpecification: `Beacon ${API_VERSION}`,
        defaultSchema: {
          id: schema.id,
          name: schema.name,
          referenceToSchemaDefinition: schema.url,
          schemaVersion: schema.version,
        },
        additionallySupportedSchemas: [],
        nonFilteredQueriesAllowed: true,
        ...(RELATED[id] === undefined
          ? {}
          : { aCollectionOf: RELATED[id].map((related) => ({ id: related.id, name: related.name })) }),
      },
    ]),
  );
}

/** `GET /map`. */
export function mapResponse({ beaconId, url }: Answerer) {
  return {
    meta: informationalMeta(beaconId, 'map', MAP_SCHEMA),
    response: {
      $schema: MAP_SCHEMA,
      endpointSets: Object.fromEntries(
        ENTRY_TYPES.map((entryType) => [entryType.id, endpointSet(entryType, url)]),
      ),
    },
  };
}

function endpointSet({ id, path, openApi }: EntryType, url: string) {
  const single = id === INDIVIDUAL.id ? {} : { singleEntryUrl: `${url}/${path}/{id}` };
  const related = (RELATED[id] ?? []).map((entryType) => [
    entryType.id,
    { returnedEntryType: entryType.id, url: `${url}/${path}/{id}/${entryType.path}` },
  ]);
  return {
    entryType: id,
    openAPIEndpointsDefinition: openApi,
    rootUrl: `${url}/${path}`,
    ...single,
    ...(related.length === 0 ? {} : { endpoints: Object.fromEntries(related) }),
    ...(id === DATASET.id ? { filteringTermsUrl: `${url}/${path}/{id}/filtering_terms` } : {}),
  };
}

/** `GET /filtering_terms`, of the Beacon or of one dataset. */
export function filteringTermsResponse(beaconId: string, { terms, resources, total }: FilteringTermsAnswer) {
  return {
    meta: informationalMeta(beaconId, 'filteringTerms', FILTERING_TERMS_SCHEMA),
    response: {
      filteringTerms: terms.map((term) => ({ ...term, scopes: [INDIVIDUAL.id] })),
      resources: resources.map((resource) => ({ name: resource.id, ...resource })),
    },
    info: { numTotalResults: total },
  };
}

/** `/datasets` and `/datasets/{id}`: collections, whatever granularity was asked for. */
export function datasetsResponse(
  answerer: Answerer,
  datasets: readonly DatasetDescription[],
  summary: RequestSummary,
) {
  const { skip, limit } = summary.pagination;
  const page = limit === 0 ? datasets : datasets.slice(skip * limit, (skip + 1) * limit);
  return {
    meta: responseMeta(answerer.beaconId, DATASET, 'record', summary),
    responseSummary: { exists: datasets.length > 0, numTotalResults: datasets.length },
    response: { collections: page.map(datasetEntry) },
    info: { country: answerer.country },
  };
}

function datasetEntry(dataset: DatasetDescription) {
  const { id, title, description, createdAt, assembly, duo, individuals, country, beaconId } = dataset;
  return {
    id,
    name: title,
    ...(description === undefined ? {} : { description }),
    createDateTime: createdAt,
    ...(duo.length === 0
      ? {}
      : {
          dataUseConditions: {
            duoDataUse: duo.map(({ version = 'unknown', ...use }) => ({ ...use, version })),
          },
        }),
    info: {
      assembly,
      individuals: { count: written(individuals), suppressed: individuals.kind === 'suppressed' },
      ...(country === undefined ? {} : { country }),
      ...(beaconId === undefined ? {} : { beaconId }),
    },
  };
}
