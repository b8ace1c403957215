import type {
  NetworkAnswer,
  NetworkGene,
  NetworkOverview,
  NetworkQuestion,
  NetworkTerm,
} from '@federome/client';
import { sessionHeaders } from '../session/session.ts';
import { PortalError } from './problem.ts';
import { isAnswer, isGenes, isOverview, isTerms } from './shapes.ts';

const API = '/api/network';

/** Who is in the network, and how far it is. */
export function fetchOverview(signal: AbortSignal): Promise<NetworkOverview> {
  return request(API, { signal }, isOverview);
}

/** Terms that some member can be asked about, best first. */
export function fetchTerms(
  query: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly NetworkTerm[]> {
  return request(
    `${API}/terms?${new URLSearchParams({ q: query, limit: String(limit) })}`,
    { signal },
    isTerms,
  );
}

export function fetchGenes(
  query: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly NetworkGene[]> {
  return request(
    `${API}/genes?${new URLSearchParams({ q: query, limit: String(limit) })}`,
    { signal },
    isGenes,
  );
}

/** Asks every member at once; resolves when all have answered or the hub's deadline is reached. */
export async function askNetwork(question: NetworkQuestion, signal: AbortSignal): Promise<NetworkAnswer> {
  const body = JSON.stringify(question);
  const headers = { 'content-type': 'application/json', ...(await sessionHeaders()) };
  return await request(`${API}/questions`, { method: 'POST', body, headers, signal }, isAnswer);
}

async function request<T>(
  url: string,
  options: RequestInit,
  isExpected: (value: unknown) => value is T,
): Promise<T> {
  const response = await reach(url, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, body);
  if (!isExpected(body)) throw new PortalError('portal/invalid-answer', `${url} did not answer as agreed`);
  return body;
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...options, cache: 'no-store', credentials: 'same-origin' });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    const code = navigator.onLine ? 'portal/hub-unreachable' : 'portal/offline';
    throw new PortalError(code, `${url} could not be reached`, { cause });
  }
}

function refusal(status: number, body: unknown): PortalError {
  const field = (name: string): string | undefined => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const kind = status >= 500 ? 'portal/hub-unreachable' : 'portal/refused';
  return new PortalError(kind, `the hub answered ${status}`, {
    detail: field('detail') ?? field('title'),
    hubCode: field('code'),
  });
}
