import { type BeaconAnswer, parseQueryAnswer } from './answers.ts';
import type { BeaconQuery } from './beacon.ts';
import { ClientError } from './errors.ts';
import { type BeaconDataset, type BeaconInfo, readDatasets, readInfo } from './info.ts';
import { type ParameterStyle, requestBody, requestSearch } from './request.ts';
import {
  DatasetsAnswer,
  ErrorAnswer,
  expectShape,
  type FilteringTerm,
  FilteringTermsAnswer,
  InfoAnswer,
  matches,
  Problem,
  QueryAnswer,
  type ServiceInfo,
  ServiceInfoAnswer,
} from './schemas.ts';
import { type CallOptions, exchange, type TransportOptions } from './transport.ts';

/** How a Beacon is asked; all have defaults. */
export interface BeaconClientOptions extends TransportOptions {
  /** ISO 3166-1 alpha-2; an answer that states another country is refused with `client/wrong-country`. */
  readonly country?: string | undefined;
}

/**
 * A client of any Beacon v2 (2.0 to 2.2), for Node and browsers. Every call has a deadline and a limit of bytes, and
 * every answer is validated where it is used; all failures are `ClientError`, or the `CodedError` with which a `fetch`
 * of the caller's fails. It keeps nothing but what it learned
 * about how this Beacon wants to be asked.
 *
 * ```ts
 * const beacon = new BeaconClient('https://beacon.example.org/api', { timeoutMs: 3_000 });
 * const answer = await beacon.individuals({ filters: [{ id: 'HP:0001250' }], granularity: 'count' });
 * ```
 */
export class BeaconClient {
  readonly url: URL;
  readonly #options: BeaconClientOptions;
  #style: ParameterStyle = 'nested';
  #method: 'POST' | 'GET' = 'POST';

  /** Throws `client/unreachable` where `url` is not an http or https address. */
  constructor(url: string, options: BeaconClientOptions = {}) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
      throw new ClientError('client/unreachable', 'is not an http or https address');
    }
    parsed.search = '';
    parsed.hash = '';
    if (!parsed.pathname.endsWith('/')) parsed.pathname += '/';
    this.url = parsed;
    this.#options = options;
  }

  /** `GET /info`. */
  async info(call?: CallOptions): Promise<BeaconInfo> {
    const info = readInfo(expectShape(InfoAnswer, await this.get('info', undefined, call), 'info'));
    this.#expectCountry(info.country);
    return info;
  }

  /** `GET /service-info`, GA4GH Service Info 1.0. */
  async serviceInfo(call?: CallOptions): Promise<ServiceInfo> {
    return expectShape(ServiceInfoAnswer, await this.get('service-info', undefined, call), 'service-info');
  }

  /** `GET /filtering_terms`, all of them (limit 0). */
  async filteringTerms(call?: CallOptions): Promise<readonly FilteringTerm[]> {
    const json = await this.get('filtering_terms', new URLSearchParams({ skip: '0', limit: '0' }), call);
    return expectShape(FilteringTermsAnswer, json, 'filtering_terms').response.filteringTerms ?? [];
  }

  /** `GET /datasets`. */
  async datasets(call?: CallOptions): Promise<readonly BeaconDataset[]> {
    const json = await this.get('datasets', new URLSearchParams({ skip: '0', limit: '0' }), call);
    return readDatasets(expectShape(DatasetsAnswer, json, 'datasets'));
  }

  /** People who match. */
  individuals(query: BeaconQuery, call?: CallOptions): Promise<BeaconAnswer> {
    return this.query('individuals', query, call);
  }

  /** Genomic variations that match. */
  gVariants(query: BeaconQuery, call?: CallOptions): Promise<BeaconAnswer> {
    return this.query('g_variants', query, call);
  }

  /**
   * Asks any entry type that answers with result sets: by POST, or by GET where the Beacon has no POST; with nested
   * parameters, or flat ones where its answer shows that it took no notice of the nested ones.
   */
  async query(path: string, query: BeaconQuery, call?: CallOptions): Promise<BeaconAnswer> {
    const json = await this.#ask(path, query, call);
    const answer = parseQueryAnswer(json, path);
    this.#expectCountry(answer.country);
    return answer;
  }

  /** JSON of a GET, unvalidated. Throws for every status that is no success. */
  async get(path: string, search?: URLSearchParams, call?: CallOptions): Promise<unknown> {
    const url = new URL(path, this.url);
    if (search !== undefined) url.search = search.toString();
    const answer = await exchange({ url }, this.#options, call);
    return successful(answer.status, answer.json);
  }

  /** JSON of a POST, unvalidated. Throws for every status that is no success. */
  async post(path: string, body: unknown, call?: CallOptions): Promise<unknown> {
    const answer = await exchange({ url: new URL(path, this.url), body }, this.#options, call);
    return successful(answer.status, answer.json);
  }

  async #ask(path: string, query: BeaconQuery, call?: CallOptions): Promise<unknown> {
    if (this.#method === 'GET') return this.get(path, requestSearch(query), call);
    try {
      return await this.#askByPost(path, query, call);
    } catch (error) {
      if (!(error instanceof ClientError) || ![404, 405, 501].includes(error.status ?? 0)) throw error;
      const json = await this.get(path, requestSearch(query), call);
      this.#method = 'GET';
      return json;
    }
  }

  async #askByPost(path: string, query: BeaconQuery, call?: CallOptions): Promise<unknown> {
    const style = this.#style;
    const first = await this.post(path, requestBody(query, style), call).catch(wasBadRequest);
    const understood = !(first instanceof ClientError) && echoesVariant(first, query);
    if (understood || query.variant === undefined) return unlessError(first);
    const other: ParameterStyle = style === 'nested' ? 'flat' : 'nested';
    const second = await this.post(path, requestBody(query, other), call).catch(wasBadRequest);
    if (first instanceof ClientError && second instanceof ClientError) throw first;
    if (!(second instanceof ClientError) && echoesVariant(second, query)) {
      this.#style = other;
      return second;
    }
    return this.#askUnambiguously(path, query, call);
  }

  /** A GET has one style of parameters only. */
  async #askUnambiguously(path: string, query: BeaconQuery, call?: CallOptions): Promise<unknown> {
    const json = await this.get(path, requestSearch(query), call).catch((cause: unknown) => {
      if (!(cause instanceof ClientError) || cause.status === undefined) throw cause;
      const message = 'took no notice of the variant in the question';
      throw new ClientError('client/wrong-schema', message, { cause });
    });
    this.#method = 'GET';
    return json;
  }

  #expectCountry(stated: string | undefined): void {
    const expected = this.#options.country;
    if (stated === undefined || expected === undefined || stated === expected) return;
    throw new ClientError(
      'client/wrong-country',
      `says that it is of country '${stated.slice(0, 20)}', the directory says '${expected}'`,
    );
  }
}

function wasBadRequest(error: unknown): ClientError {
  if (error instanceof ClientError && error.status === 400) return error;
  throw error;
}

function unlessError(value: unknown): unknown {
  if (value instanceof ClientError) throw value;
  return value;
}

/**
 * Whether the answer's summary of the request, where it has one with parameters, shows the variant that was asked for.
 * A server that ignores the style it was asked in echoes no parameter at all.
 */
function echoesVariant(json: unknown, query: BeaconQuery): boolean {
  if (query.variant === undefined || !matches(QueryAnswer, json)) return true;
  const echo = json.meta?.receivedRequestSummary?.requestParameters;
  if (echo === undefined || echo === null) return true;
  const text = JSON.stringify(echo);
  return Object.keys(query.variant).some((key) => text.includes(`"${key}"`));
}

/** Throws for a status that is no success, with what the Beacon says about it. */
function successful(status: number, json: unknown): unknown {
  if (status >= 200 && status < 300) return json;
  const said = errorText(json);
  const message = `answers with status ${status}${said === undefined ? '' : `: ${said}`}`;
  const code = status === 401 || status === 403 || status === 429 ? 'client/refused' : 'client/http-status';
  throw new ClientError(code, message, { status, said });
}

function errorText(json: unknown): string | undefined {
  const text = matches(ErrorAnswer, json)
    ? json.error.errorMessage
    : matches(Problem, json)
      ? (json.detail ?? json.title)
      : undefined;
  if (text === undefined) return undefined;
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line === '' ? undefined : line.slice(0, 300);
}
