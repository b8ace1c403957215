import { CodedError } from '@federome/core';
import { ClientError } from './errors.ts';

/** The part of `fetch` that is used; tests and hosts may bring their own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TransportOptions {
  readonly fetch?: Fetch | undefined;
  /** From the first byte sent to the last byte read; 10 s by default. */
  readonly timeoutMs?: number | undefined;
  /** Largest answer in bytes, after decompression; 8 MB by default. */
  readonly maximumBytes?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface CallOptions {
  /** Ends this call early; a `TimeoutError` as its reason counts as this call's deadline. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maximumBytes?: number | undefined;
  /** Of this call alone, beside those of the client. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface HttpRequest {
  readonly url: URL;
  /** JSON value to POST; GET without. */
  readonly body?: unknown;
}

/** Status and parsed JSON; of a status that is no success, `json` is undefined where the body is none. */
export interface HttpAnswer {
  readonly status: number;
  readonly json: unknown;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAXIMUM_BYTES = 8_000_000;
const MAXIMUM_ERROR_BYTES = 65_536;
const MAXIMUM_REDIRECTS = 3;

/**
 * One HTTP exchange of JSON under a deadline and a limit of bytes, both of which hold while the body streams in.
 * Redirects are followed within the same origin only. Throws `ClientError`, any other `CodedError` that `fetch` or the
 * body that it gave failed with, or the reason of the caller's own abort.
 */
export async function exchange(
  request: HttpRequest,
  options: TransportOptions,
  call: CallOptions = {},
): Promise<HttpAnswer> {
  const timeoutMs = call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(timeout(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const onCallerAbort = () => abort.abort(call.signal?.reason);
  call.signal?.addEventListener('abort', onCallerAbort, { once: true });
  try {
    call.signal?.throwIfAborted();
    const response = await send(request, options, call.headers, abort.signal);
    const limit = call.maximumBytes ?? options.maximumBytes ?? DEFAULT_MAXIMUM_BYTES;
    return await readAnswer(response, limit);
  } catch (error) {
    throw explain(error, abort.signal);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onCallerAbort);
    abort.abort(new DOMException('the exchange is over', 'AbortError'));
  }
}

async function send(
  request: HttpRequest,
  options: TransportOptions,
  ofCall: CallOptions['headers'],
  signal: AbortSignal,
): Promise<Response> {
  const fetchOnce: Fetch = options.fetch ?? ((url, init) => fetch(url, init));
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers, ...ofCall };
  const init: RequestInit = { headers, signal, redirect: 'manual', method: 'GET' };
  if (request.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.method = 'POST';
    init.body = JSON.stringify(request.body);
  }
  let url = request.url;
  for (let redirects = 0; ; redirects++) {
    const response = await fetchOnce(url.href, init);
    const target = redirectTarget(response, url);
    if (target === undefined) return response;
    await response.body?.cancel();
    if (target.origin !== url.origin || redirects === MAXIMUM_REDIRECTS) {
      throw new ClientError('client/http-status', `redirects to ${target.origin}, which is not followed`, {
        status: response.status,
      });
    }
    url = target;
  }
}

function redirectTarget(response: Response, from: URL): URL | undefined {
  // A browser hides where an unfollowed redirect leads.
  if (response.type === 'opaqueredirect') {
    throw new ClientError('client/http-status', 'answers with a redirect, which is not followed');
  }
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = response.headers.get('location');
  return location !== null && URL.canParse(location, from) ? new URL(location, from) : undefined;
}

async function readAnswer(response: Response, limit: number): Promise<HttpAnswer> {
  const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  const isJson = type === undefined || type === '' || /^application\/([\w.-]+\+)?json$/.test(type);
  if (!response.ok) {
    const json = isJson ? await readErrorBody(response) : undefined;
    await response.body?.cancel().catch(() => undefined);
    return { status: response.status, json };
  }
  if (!isJson) {
    await response.body?.cancel();
    throw new ClientError(
      'client/not-json',
      `answers with content type '${type}', expected application/json`,
    );
  }
  return { status: response.status, json: parseJson(await readText(response, limit)) };
}

async function readErrorBody(response: Response): Promise<unknown> {
  try {
    return parseJson(await readText(response, MAXIMUM_ERROR_BYTES));
  } catch (error) {
    if (error instanceof ClientError && error.code !== 'client/timed-out') return undefined;
    throw error;
  }
}

async function readText(response: Response, limit: number): Promise<string> {
  const tooLarge = () =>
    new ClientError(
      'client/answer-too-large',
      `answers with more than ${limit} bytes; reading stopped there`,
    );
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  if (response.body === null) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = response.body.getReader();
  let bytes = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decode(decoder);
    bytes += value.byteLength;
    if (bytes > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decode(decoder, value);
  }
}

function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new ClientError('client/not-json', 'answers with bytes that are not UTF-8', { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClientError('client/not-json', 'answers with text that is not JSON', {
      // V8 quotes the offending text in its message.
      cause: cause instanceof Error ? cause.name : undefined,
    });
  }
}

function timeout(message: string): DOMException {
  return new DOMException(message, 'TimeoutError');
}

function explain(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof CodedError) return error;
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new ClientError('client/timed-out', reason.message, { cause: error });
  }
  if (signal.aborted) return reason;
  return new ClientError('client/unreachable', unreachable(error), {
    publicMessage: 'cannot be reached',
    cause: error,
  });
}

function unreachable(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `cannot be reached${code}`;
}
