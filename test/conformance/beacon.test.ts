import { initNode, openNode } from '@federome/node';
import { hasShared, temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { inventedNode, people, served } from '../testkit/beacon-node.ts';
import { beaconSchemas } from './beacon-schemas.ts';

const NEEDS = ['specs/beacon-v2.1.1', 'specs/vrs-1.3/vrs.json'];

const RESPONSES = 'framework/json/responses/';
const MODEL = 'models/json/beacon-v2-default-model/';
const BOOLEAN = `${RESPONSES}beaconBooleanResponse.json`;
const COUNT = `${RESPONSES}beaconCountResponse.json`;
const RESULTSETS = `${RESPONSES}beaconResultsetsResponse.json`;
const COLLECTIONS = `${RESPONSES}beaconCollectionsResponse.json`;
const FILTERING_TERMS = `${RESPONSES}beaconFilteringTermsResponse.json`;
const ERROR = `${RESPONSES}beaconErrorResponse.json`;

const INFORMATIONAL = [
  ['/', `${RESPONSES}beaconInfoResponse.json`],
  ['/info', `${RESPONSES}beaconInfoResponse.json`],
  ['/service-info', `${RESPONSES}ga4gh-service-info-1-0-0-schema.json`],
  ['/configuration', `${RESPONSES}beaconConfigurationResponse.json`],
  ['/map', `${RESPONSES}beaconMapResponse.json`],
  ['/entry_types', `${RESPONSES}beaconEntryTypesResponse.json`],
  ['/filtering_terms', FILTERING_TERMS],
  ['/filtering_terms?skip=1&limit=2', FILTERING_TERMS],
  ['/individuals/filtering_terms', FILTERING_TERMS],
  ['/datasets/big/filtering_terms', FILTERING_TERMS],
  ['/datasets', COLLECTIONS],
  ['/datasets?filters=HP:0001250&requestedGranularity=boolean', COLLECTIONS],
  ['/datasets/big', COLLECTIONS],
] as const;

const PLACES = [
  'referenceName=22&start=36265859&referenceBases=A&alternateBases=G',
  'referenceName=refseq:NC_000022.11&start=36265859&alternateBases=N',
  'referenceName=chr22&start=36265800&end=36266100',
  'referenceName=chr22&start=36265800&end=36266100&variantType=DEL',
  'assemblyId=GRCh38&referenceName=22&start=36265800,36265900&end=36265801,36265999',
  'geneId=APOL1',
  'geneId=APOL1&filters=HP:0001250',
  'allele=NC_000022.11:g.36265860A%3EG',
  'referenceName=22&start=1000&end=2000',
  'filters=HP:0001250,sex:=:female,age:%3EP30Y',
  'filters=HP:0000007',
  '',
];

const REFUSED = [
  ['/nowhere', 404, 'node/not-found'],
  ['/individuals/P00001', 403, 'node/forbidden'],
  ['/individuals/P00001/g_variants', 403, 'node/forbidden'],
  ['/datasets/unknown', 404, 'node/unknown-dataset'],
  ['/datasets/unknown/individuals', 404, 'node/unknown-dataset'],
  ['/g_variants/unknown', 404, 'node/not-found'],
  ['/individuals?filters=XX:0001250', 400, 'node/bad-filter'],
  ['/individuals?requestedGranularity=everything', 400, 'node/bad-request'],
  ['/g_variants?geneId=NOSUCHGENE', 400, 'node/unknown-gene'],
  ['/g_variants?geneId=APOL1&aminoacidChange=V600E', 400, 'node/not-annotated'],
  ['/g_variants?assemblyId=GRCh38&referenceName=NC_000022.10&start=1&end=2', 400, 'node/assembly-mismatch'],
  ['/g_variants?assemblyId=GRCh37&referenceName=22&start=1&end=2', 400, 'node/assembly-mismatch'],
] as const;

test.skipIf(!hasShared(...NEEDS))(
  'every answer of a node is valid by the official schemas of Beacon v2.1.1, whatever its granularity',
  async () => {
    const schema = beaconSchemas();
    const node = await inventedNode([
      { id: 'big', people: people(2_600) },
      { id: 'small', people: people(60, 10_000) },
    ]);
    const { url } = await served(node);
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(url + path, init);
      const body = await response.json();
      return { status: response.status, body, path: `${init?.method ?? 'GET'} ${path}` };
    };
    const expectValid = (path: string, document: unknown, asked: string) =>
      expect({ asked, path, errors: schema(path)(document) }).toEqual({ asked, path, errors: [] });

    for (const [path, response] of INFORMATIONAL) {
      for (const prefix of path === '/' ? [''] : ['', '/v2.0.0']) {
        const answer = await ask(prefix + path);
        expect([answer.path, answer.status]).toEqual([answer.path, 200]);
        expectValid(response, answer.body, answer.path);
        for (const dataset of answer.body.response?.collections ?? []) {
          expectValid(`${MODEL}datasets/defaultSchema.json`, dataset, answer.path);
        }
      }
    }

    let variants = 0;
    for (const endpoint of [
      '/individuals',
      '/g_variants',
      '/datasets/big/g_variants',
      '/v2.0.0/individuals',
    ]) {
      for (const place of PLACES) {
        for (const granularity of ['boolean', 'count', 'record']) {
          for (const include of ['HIT', 'MISS', 'ALL', 'NONE']) {
            const query = `${place}&requestedGranularity=${granularity}&includeResultsetResponses=${include}`;
            const answer = await ask(`${endpoint}?${query.replace(/^&/, '')}`);
            expect([answer.path, answer.status]).toEqual([answer.path, 200]);
            const returned = answer.body.meta.returnedGranularity;
            expectValid(BOOLEAN, answer.body, answer.path);
            if (returned !== 'boolean') {
              expectValid(COUNT, answer.body, answer.path);
              expectValid(RESULTSETS, answer.body, answer.path);
            }
            for (const set of answer.body.response?.resultSets ?? []) {
              for (const variant of set.results) {
                variants += 1;
                expectValid(`${MODEL}genomicVariations/defaultSchema.json`, variant, answer.path);
              }
            }
          }
        }
      }
    }
    expect(variants).toBeGreaterThan(20);

    for (const [path, status, code] of REFUSED) {
      const answer = await ask(path);
      expect([path, answer.status, answer.body.info?.code]).toEqual([path, status, code]);
      expect(answer.body.error.errorCode).toBe(status);
      expectValid(ERROR, answer.body, answer.path);
    }
    const malformed = await ask('/individuals', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":',
    });
    expect(malformed.status).toBe(400);
    expectValid(ERROR, malformed.body, malformed.path);
  },
);

test.skipIf(!hasShared(...NEEDS))(
  'a record shows its variant, its name, and its frequencies by sex',
  async () => {
    const node = await inventedNode([{ id: 'big', people: people(2_600) }]);
    const { url } = await served(node);
    const response = await fetch(`${url}/v2.0.0/g_variants`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        meta: { apiVersion: '2.0' },
        query: {
          requestParameters: {
            referenceName: '22',
            start: ['36265859'],
            referenceBases: 'A',
            alternateBases: 'G',
            assemblyId: 'GRCh38',
          },
          requestedGranularity: 'record',
          filters: [],
          pagination: { skip: 0, limit: 1 },
          includeResultsetResponses: 'HIT',
          testMode: false,
        },
      }),
    });
    const { response: answer } = await response.json();
    expect(answer.resultSets).toMatchObject([
      {
        id: 'big',
        exists: true,
        resultsCount: 1,
        results: [
          {
            variantInternalId: 'GRCh38:22-36265860-A-G',
            identifiers: { genomicHGVSId: 'NC_000022.11:g.36265860A>G' },
            variation: {
              variantType: 'SNP',
              location: { sequence_id: 'refseq:NC_000022.11', interval: { start: { value: 36_265_859 } } },
            },
            frequencyInPopulations: [
              {
                frequencies: [
                  // 260 heterozygous women, 52 homozygous men.
                  { population: 'EE', alleleCount: 364, alleleNumber: 5_200, alleleFrequency: 0.07 },
                  { population: 'EE_F', alleleCount: 260, alleleNumber: 2_600, alleleFrequency: 0.1 },
                  { population: 'EE_M', alleleCount: 104, alleleNumber: 2_600, alleleFrequency: 0.04 },
                ],
              },
            ],
          },
        ],
      },
    ]);
    expect(answer.resultSets[0].results[0]).not.toHaveProperty('caseLevelData');
  },
);

test.skipIf(!hasShared(...NEEDS))(
  'a hub’s answers are valid by the same schemas, with its members’ variants',
  async () => {
    const schema = beaconSchemas();
    const home = await temporaryDirectory();
    await initNode(home, { country: 'BE', role: 'hub', name: 'The hub' });
    const hub = await openNode(home);
    onTestFinished(() => hub.close());
    const member = await served(await inventedNode([{ id: 'big', people: people(2_600) }]));
    await hub.network?.addMember(member.url);
    const { url } = await served(hub);
    const expectValid = (path: string, document: unknown, asked: string) =>
      expect({ asked, path, errors: schema(path)(document) }).toEqual({ asked, path, errors: [] });
    for (const [path, response] of INFORMATIONAL.filter(([each]) => !each.startsWith('/datasets/'))) {
      expectValid(response, await (await fetch(url + path)).json(), path);
    }
    const question = 'geneId=APOL1&requestedGranularity=record&includeResultsetResponses=ALL';
    const answer = await (await fetch(`${url}/g_variants?${question}`)).json();
    expectValid(RESULTSETS, answer, 'g_variants');
    expect(answer.response.resultSets).toHaveLength(1);
    const [{ results }] = answer.response.resultSets;
    expect(results).toHaveLength(4);
    for (const variant of results) {
      expectValid(`${MODEL}genomicVariations/defaultSchema.json`, variant, 'g_variants');
    }
    const refused = await (await fetch(`${url}/g_variants?geneId=APOL1&start=1`)).json();
    expectValid(ERROR, refused, 'refused');
  },
);
