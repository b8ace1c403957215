import {
  type DiscoveryAnswer,
  type DiscoveryAnswers,
  type DiscoveryQuestion,
  parseAssembly,
  type VariantQuestion,
} from '@federome/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NodeError } from '../../errors.ts';
import { noteAnswer } from '../audit/recording.ts';
import { statePurpose } from '../requester.ts';
import { remember } from './context.ts';
import { type BeaconRequest, EMPTY_SUMMARY, parseBody, parseSearch } from './request/request.ts';
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
import { DATASET, type EntryType, GENOMIC_VARIANT, INDIVIDUAL } from './response/schemas.ts';

/** The prefix under which the European user portal asks. */
export const PORTAL_PREFIX = '/v2.0.0';

export interface BeaconOptions {
  readonly answers: DiscoveryAnswers;
  /** Who answers: a node's or hub's configuration. */
  readonly identity: { readonly id: string; readonly country: string };
  /** Questions answered at a time; further ones get 503. */
  readonly maximumQuestions?: number | undefined;
  /** Where clients reach this server, without a slash at the end; from the request where omitted. */
  readonly publicUrl?: string | undefined;
}

const DEFAULT_MAXIMUM_QUESTIONS = 128;

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
  // A consent that is withdrawn counts in the next answer, wherever that would come from.
  server.addHook('onRequest', async (_, reply) => {
    reply.header('cache-control', 'no-store');
  });
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
  readonly #options: BeaconOptions;
  readonly #answers: DiscoveryAnswers;
  #underWay = 0;

  constructor(options: BeaconOptions) {
    this.#options = options;
    this.#answers = options.answers;
  }

  readonly info: Handler = async (request) =>
    infoResponse(await this.#answers.describe(), this.#answerer(request).url);

  readonly serviceInfo: Handler = async (request) =>
    serviceInfo(await this.#answers.describe(), this.#answerer(request).url);

  readonly configuration: Handler = async (request) =>
    configurationResponse(this.#answerer(request).beaconId);

  readonly entryTypes: Handler = async (request) => entryTypesResponse(this.#answerer(request).beaconId);

  readonly map: Handler = async (request) => mapResponse(this.#answerer(request));

  readonly filteringTerms: Handler = async (request) => {
    const { question } = read(request, undefined);
    const dataset = request.params.id;
    const terms = await this.#answers.filteringTerms({
      ...(dataset === undefined ? {} : { dataset }),
      pagination: question.pagination,
    });
    return filteringTermsResponse(this.#answerer(request).beaconId, terms);
  };

  /** With filters or a variant: the datasets in which enough people match. */
  readonly datasets: Handler = async (request) => {
    const { question, summary, purpose } = read(request, DATASET);
    return await this.#oneMore(async () => {
      const all = await this.#answers.datasets();
      const asks = question.filters.length > 0 || question.variant !== undefined;
      const wanted = asks ? await this.#hits(request, { question, purpose }) : question.datasets;
      const datasets = wanted === undefined ? all : all.filter(({ id }) => wanted.includes(id));
      return datasetsResponse(this.#answerer(request), datasets, summary);
    });
  };

  readonly dataset: Handler = async (request) => {
    const { summary } = read(request, DATASET);
    const dataset = (await this.#answers.datasets()).find(({ id }) => id === request.params.id);
    if (dataset === undefined) {
      throw new NodeError('node/unknown-dataset', 'there is no dataset of that id here');
    }
    return datasetsResponse(this.#answerer(request), [dataset], summary);
  };

  readonly individuals: Handler = (request) => {
    const asked = within(read(request, INDIVIDUAL), request.params.id);
    return this.#respond(request, INDIVIDUAL, asked);
  };

  readonly variants: Handler = (request) => {
    const asked = within(read(request, GENOMIC_VARIANT), request.params.id);
    return this.#respond(request, GENOMIC_VARIANT, asked);
  };

  /** A variant by the id that this Beacon gave it, or by its genomic HGVS name. */
  readonly variant: Handler = (request) => {
    const asked = aboutVariant(read(request, GENOMIC_VARIANT), request.params.id);
    return this.#respond(request, GENOMIC_VARIANT, asked);
  };

  readonly carriers: Handler = (request) => {
    const asked = aboutVariant(read(request, INDIVIDUAL), request.params.id);
    return this.#respond(request, INDIVIDUAL, asked);
  };

  readonly noRecords: Handler = async () => {
    throw new NodeError(
      'node/forbidden',
      'records of individuals are not released: ask /individuals for a count',
    );
  };

  #respond(request: FastifyRequest, entryType: EntryType, asked: BeaconRequest) {
    return this.#oneMore(async () =>
      queryResponse(
        this.#answerer(request),
        entryType,
        await this.#ask(request, entryType, asked),
        asked.summary,
      ),
    );
  }

  async #ask(
    request: FastifyRequest,
    entryType: EntryType,
    { question, purpose }: Pick<BeaconRequest, 'question' | 'purpose'>,
  ): Promise<DiscoveryAnswer> {
    const asker = statePurpose(request, purpose);
    const answer =
      entryType === INDIVIDUAL
        ? await this.#answers.individuals(question, asker)
        : await this.#answers.variants(question, asker);
    noteAnswer(request, question, answer);
    return answer;
  }

  async #hits(
    request: FastifyRequest,
    { question, purpose }: Pick<BeaconRequest, 'question' | 'purpose'>,
  ): Promise<readonly string[]> {
    const counted: DiscoveryQuestion = { ...question, granularity: 'count' };
    const { sets } = await this.#ask(request, INDIVIDUAL, { question: counted, purpose });
    return sets.filter(({ count }) => count.kind === 'shown').map(({ id }) => id);
  }

  /** Throws `node/overloaded` where too many questions are being answered already. */
  async #oneMore<T>(work: () => Promise<T>): Promise<T> {
    const most = this.#options.maximumQuestions ?? DEFAULT_MAXIMUM_QUESTIONS;
    if (this.#underWay >= most) {
      throw new NodeError('node/overloaded', `${most} questions are under way: try again in a second`);
    }
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  #answerer(request: FastifyRequest): Answerer {
    const { identity, publicUrl } = this.#options;
    const prefix = request.routeOptions.url?.startsWith(`${PORTAL_PREFIX}/`) === true ? PORTAL_PREFIX : '';
    const url = `${publicUrl ?? `${request.protocol}://${request.host}`}${prefix}`;
    return { beaconId: identity.id, country: identity.country, url };
  }
}

function read(request: FastifyRequest, entryType: EntryType | undefined): BeaconRequest {
  remember(request, { summary: EMPTY_SUMMARY, entryType });
  const parsed = request.method === 'POST' ? parseBody(request.body) : parseSearch(request.query);
  remember(request, { summary: parsed.summary, entryType });
  return parsed;
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
