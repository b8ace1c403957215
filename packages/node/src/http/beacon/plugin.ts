import {
  type DiscoveryAnswers,
  type DiscoveryQuestion,
  parseAssembly,
  type VariantQuestion,
} from '@federome/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NodeError } from '../../errors.ts';
import { type BeaconRequest, parseBody, parseSearch } from './request/request.ts';
import {
  configurationResponse,
  datasetsResponse,
  entryTypesResponse,
  filteringTermsResponse,
  infoResponse,
  mapResponse,
  serviceInfo,
} from './response/informational.ts';
import { type Answerer, queryResponse } from './response/results.ts';
import { GENOMIC_VARIANT, INDIVIDUAL } from './response/schemas.ts';

/** The prefix under which the European user portal asks. */
export const PORTAL_PREFIX = '/v2.0.0';

export interface BeaconOptions {
  readonly answers: DiscoveryAnswers;
  /** Where clients reach this server, without a slash at the end; from the request where omitted. */
  readonly publicUrl?: string | undefined;
}

type Handler = (
  request: FastifyRequest<{ Params: { id?: string } }>,
  reply: FastifyReply,
) => Promise<unknown>;

/**
 * The Beacon v2 endpoints on a server, whoever answers. `GET /` is the server's own, because browsers ask it too.
 * Errors are thrown; the server turns them into Beacon's shape.
 */
export function beaconRoutes(server: FastifyInstance, options: BeaconOptions): void {
  const beacon = new BeaconHandlers(options);
  server.get('/info', beacon.info);
  server.get('/service-info', beacon.serviceInfo);
  server.get('/configuration', beacon.configuration);
  server.get('/map', beacon.map);
  server.get('/entry_types', beacon.entryTypes);
  server.get('/filtering_terms', beacon.filteringTerms);
  for (const method of ['GET', 'POST'] as const) {
    const route = (url: string, handler: Handler) =>
      server.route<{ Params: { id?: string } }>({ method, url, handler, exposeHeadRoute: false });
    route('/datasets', beacon.datasets);
    route('/datasets/:id', beacon.dataset);
    route('/datasets/:id/individuals', beacon.individuals);
    route('/datasets/:id/g_variants', beacon.variants);
    route('/datasets/:id/filtering_terms', beacon.filteringTerms);
    route('/individuals', beacon.individuals);
    route('/individuals/filtering_terms', beacon.filteringTerms);
    route('/individuals/:id', beacon.noRecords);
    route('/individuals/:id/*', beacon.noRecords);
    route('/g_variants', beacon.variants);
    route('/g_variants/:id', beacon.variant);
    route('/g_variants/:id/individuals', beacon.carriers);
  }
}

class BeaconHandlers {
  readonly #answers: DiscoveryAnswers;
  readonly #publicUrl: string | undefined;

  constructor({ answers, publicUrl }: BeaconOptions) {
    this.#answers = answers;
    this.#publicUrl = publicUrl;
  }

  readonly info: Handler = async (request) =>
    infoResponse(await this.#answers.describe(), this.#url(request));

  readonly serviceInfo: Handler = async (request) =>
    serviceInfo(await this.#answers.describe(), this.#url(request));

  readonly configuration: Handler = async () => configurationResponse(await this.#answers.describe());

  readonly entryTypes: Handler = async () => entryTypesResponse(await this.#answers.describe());

  readonly map: Handler = async (request) => mapResponse(await this.#answers.describe(), this.#url(request));

  readonly filteringTerms: Handler = async (request) => {
    const { question } = read(request);
    const dataset = request.params.id;
    const [{ id }, terms] = await Promise.all([
      this.#answers.describe(),
      this.#answers.filteringTerms({
        ...(dataset === undefined ? {} : { dataset }),
        pagination: question.pagination,
      }),
    ]);
    return filteringTermsResponse(id, terms);
  };

  /** With filters or a variant: the datasets in which enough people match. */
  readonly datasets: Handler = async (request) => {
    const { question, summary } = read(request);
    const [beacon, all] = await Promise.all([this.#answers.describe(), this.#answers.datasets()]);
    const asks = question.filters.length > 0 || question.variant !== undefined;
    const wanted = asks ? await this.#hits(question) : question.datasets;
    const datasets = wanted === undefined ? all : all.filter(({ id }) => wanted.includes(id));
    return datasetsResponse(answererOf(beacon, this.#url(request)), beacon, datasets, summary);
  };

  readonly dataset: Handler = async (request) => {
    const { summary } = read(request);
    const [beacon, all] = await Promise.all([this.#answers.describe(), this.#answers.datasets()]);
    const dataset = all.find(({ id }) => id === request.params.id);
    if (dataset === undefined)
      throw new NodeError('node/unknown-dataset', 'there is no dataset of that id here');
    return datasetsResponse(answererOf(beacon, this.#url(request)), beacon, [dataset], summary);
  };

  readonly individuals: Handler = async (request) => {
    const { question, summary } = within(read(request), request.params.id);
    const [beacon, answer] = await Promise.all([
      this.#answers.describe(),
      this.#answers.individuals(question),
    ]);
    return queryResponse(answererOf(beacon, this.#url(request)), INDIVIDUAL, answer, summary);
  };

  readonly variants: Handler = async (request) => {
    const { question, summary } = within(read(request), request.params.id);
    const [beacon, answer] = await Promise.all([this.#answers.describe(), this.#answers.variants(question)]);
    return queryResponse(answererOf(beacon, this.#url(request)), GENOMIC_VARIANT, answer, summary);
  };

  /** A variant by the id that this Beacon gave it, or by its genomic HGVS name. */
  readonly variant: Handler = async (request) => {
    const { question, summary } = aboutVariant(read(request), request.params.id);
    const [beacon, answer] = await Promise.all([this.#answers.describe(), this.#answers.variants(question)]);
    return queryResponse(answererOf(beacon, this.#url(request)), GENOMIC_VARIANT, answer, summary);
  };

  readonly carriers: Handler = async (request) => {
    const { question, summary } = aboutVariant(read(request), request.params.id);
    const [beacon, answer] = await Promise.all([
      this.#answers.describe(),
      this.#answers.individuals(question),
    ]);
    return queryResponse(answererOf(beacon, this.#url(request)), INDIVIDUAL, answer, summary);
  };

  readonly noRecords: Handler = async () => {
    throw new NodeError(
      'node/forbidden',
      'records of individuals are not released: ask /individuals for a count',
    );
  };

  async #hits(question: DiscoveryQuestion): Promise<readonly string[]> {
    const { sets } = await this.#answers.individuals({ ...question, granularity: 'count' });
    return sets.filter(({ count }) => count.kind === 'shown').map(({ id }) => id);
  }

  #url(request: FastifyRequest): string {
    const prefix = request.routeOptions.url?.startsWith(`${PORTAL_PREFIX}/`) === true ? PORTAL_PREFIX : '';
    return `${this.#publicUrl ?? `${request.protocol}://${request.host}`}${prefix}`;
  }
}

function read(request: FastifyRequest): BeaconRequest {
  return request.method === 'POST' ? parseBody(request.body) : parseSearch(request.query);
}

function answererOf(beacon: { readonly id: string; readonly country: string }, url: string): Answerer {
  return { beaconId: beacon.id, country: beacon.country, url };
}

/** The question about one dataset only. */
function within(request: BeaconRequest, dataset: string | undefined): BeaconRequest {
  if (dataset === undefined) return request;
  return { ...request, question: { ...request.question, datasets: [dataset] } };
}

/** The question about one variant only. Throws `node/not-found` for an id that no variant here can have. */
function aboutVariant(request: BeaconRequest, id: string | undefined): BeaconRequest {
  if (request.question.variant !== undefined) {
    throw new NodeError('node/bad-request', 'requestParameters: the variant is named by the path already');
  }
  return { ...request, question: { ...request.question, variant: variantOfId(id ?? '') } };
}

function variantOfId(id: string): VariantQuestion {
  const own = /^([^:]+):([^-]+)-([1-9]\d{0,9})-([ACGTN]+)-([ACGTN]+)$/.exec(id);
  const assembly = parseAssembly(own?.[1] ?? '');
  if (own !== null && assembly !== undefined) {
    return {
      kind: 'sequence',
      assembly,
      referenceName: own[2]!,
      start: Number(own[3]) - 1,
      referenceBases: own[4]!,
      alternateBases: own[5]!,
    };
  }
  if (/^(refseq:)?NC_/i.test(id)) return { kind: 'hgvs', genomicAlleleShortForm: id };
  throw new NodeError('node/not-found', 'there is no variant of that id here');
}
