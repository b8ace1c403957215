import { type BeaconCall, type BeaconReply, beaconServer, type LoopbackServer } from './beacons.ts';

/**
 * A small Beacon written from the specification's 2.0 and nothing of ours: flat parameters only (nested ones it takes
 * no notice of), `meta` as 2.0 examples have it, no statement of a country, no disclosure control, a reference-style
 * record with `_position`. It knows one gene and one variant, carried by 48 of 2,000 people.
 */
export async function foreignBeacon(options: { readonly post?: boolean } = {}): Promise<LoopbackServer> {
  return await beaconServer((call) => {
    if (call.method === 'POST' && options.post === false) return { status: 405, json: {} };
    switch (call.path) {
      case 'info':
        return {
          json: { meta: meta({}), response: { id: ID, name: 'Foreign Beacon', apiVersion: 'v2.0.0' } },
        };
      case 'filtering_terms':
        return {
          json: { response: { filteringTerms: [{ id: 'HP:0001250', label: 'Seizure', type: 'ontology' }] } },
        };
      case 'datasets':
        return { json: { response: { collections: [{ id: 'cohort-1', name: 'Cohort' }] } } };
      case 'individuals':
        return individuals(asked(call));
      case 'g_variants':
        return variants(asked(call));
      default:
        return undefined;
    }
  });
}

const ID = 'org.example.beacon';
const KNOWN = ['geneId', 'referenceName', 'start', 'alternateBases', 'assemblyId'];

/** What it understands of a request: flat parameters. */
function asked({ method, body, search }: BeaconCall): Record<string, unknown> {
  const given: object =
    method === 'GET'
      ? Object.fromEntries(search)
      : ((body as { query?: { requestParameters?: object } }).query?.requestParameters ?? {});
  return Object.fromEntries(Object.entries(given).filter(([key]) => KNOWN.includes(key)));
}

function meta(parameters: object): object {
  return {
    apiVersion: 'v2.0.0',
    beaconId: ID,
    returnedGranularity: 'record',
    receivedRequestSummary: {
      apiVersion: 'v2.0',
      requestParameters: parameters,
      pagination: { limit: 10, skip: 0 },
    },
    returnedSchemas: [{ entityType: 'whatever', schema: 'v2.0' }],
  };
}

/** Everyone, unless a variant is asked for that is not the one it knows. */
function peopleOf(parameters: Record<string, unknown>): number {
  if (Object.keys(parameters).length === 0) return 2_000;
  return parameters.geneId === 'APOL1' || Number([parameters.start].flat()[0]) === 36_265_859 ? 48 : 0;
}

function individuals(parameters: Record<string, unknown>): BeaconReply {
  const people = peopleOf(parameters);
  const responseSummary = { exists: people > 0, numTotalResults: people };
  return { json: { meta: meta(parameters), responseSummary } };
}

function variants(parameters: Record<string, unknown>): BeaconReply {
  const found = peopleOf(parameters) === 48;
  const results = found ? [record()] : [];
  return {
    json: {
      meta: meta(parameters),
      responseSummary: { exists: found, numTotalResults: results.length },
      response: {
        resultSets: [
          { id: 'cohort-1', setType: 'dataset', exists: found, resultsCount: results.length, results },
        ],
      },
      beaconHandovers: [],
    },
  };
}

function record(): object {
  return {
    variantInternalId: 'chr22_36265860_A_G',
    _position: { assemblyId: 'GRCh38', refseqId: 'chr22', start: [36_265_859], end: [36_265_860] },
    variation: { variantType: 'SNP', referenceBases: 'a', alternateBases: 'g' },
    frequencyInPopulations: [
      {
        source: 'Cohort',
        sourceReference: 'https://example.org',
        frequencies: [
          {
            population: 'Total',
            alleleFrequency: 0.0125,
            alleleCount: 50,
            alleleNumber: 4_000,
            alleleCountHomozygous: 2,
            alleleCountHeterozygous: 46,
          },
        ],
      },
      { source: 'gnomAD', frequencies: [{ population: 'World', alleleFrequency: 0.2 }] },
    ],
  };
}
