import type { Role } from '@federome/core';
import { isRole } from '@federome/core';
import { PortalError } from '../network/problem.ts';

/** A provider at which people may log in here. */
export interface LoginProvider {
  readonly id: string;
  readonly name: string;
}

/** Who is logged in, as `GET /api/session` says. */
export interface LoggedIn {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly provider: string;
  readonly name: string | undefined;
  readonly roles: readonly Role[];
  /** ISO 8601: the session ends then, whatever is done. */
  readonly endsAt: string;
}

/** What a server says of itself and of whoever looks at its portal. */
export interface SessionState {
  readonly server: { readonly id: string; readonly name: string; readonly role: 'node' | 'hub' };
  readonly providers: readonly LoginProvider[];
  readonly person: LoggedIn | undefined;
}

let token: string | undefined;
let underWay: Promise<SessionState | undefined> | undefined;

/** Asks who is logged in; `undefined` of a server at which nobody can. */
export function fetchSession(): Promise<SessionState | undefined> {
  underWay = readSession();
  return underWay;
}

async function readSession(): Promise<SessionState | undefined> {
  const response = await fetch('/api/session', { cache: 'no-store', credentials: 'same-origin' }).catch(
    () => undefined,
  );
  if (response === undefined || !response.ok) return undefined;
  const body: unknown = await response.json().catch(() => undefined);
  const session = sessionOf(body);
  token = textOf(body, 'csrfToken');
  return session;
}

/** What a request that changes something must carry while somebody is logged in. */
export async function sessionHeaders(): Promise<Readonly<Record<string, string>>> {
  await underWay?.catch(() => undefined);
  return token === undefined ? {} : { 'x-csrf-token': token };
}

/** Asks the server's own API in the name of whoever is logged in. Throws `PortalError`. */
export async function callApi(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { ...(method === 'GET' ? {} : await sessionHeaders()) };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(path, { method, headers, ...init, cache: 'no-store', credentials: 'same-origin' });
  } catch (cause) {
    throw new PortalError('portal/hub-unreachable', `${path} could not be reached`, { cause });
  }
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const kind = response.status >= 500 ? 'portal/hub-unreachable' : 'portal/refused';
  throw new PortalError(kind, `the server answered ${response.status}`, {
    detail: textOf(answer, 'detail'),
    hubCode: textOf(answer, 'code'),
  });
}

function sessionOf(body: unknown): SessionState {
  const server = member(body, 'server');
  const providers = member(body, 'providers');
  const person = member(body, 'person');
  return {
    server: {
      id: textOf(server, 'id') ?? '',
      name: textOf(server, 'name') ?? 'Federome',
      role: textOf(server, 'role') === 'hub' ? 'hub' : 'node',
    },
    providers: (Array.isArray(providers) ? providers : []).map((each: unknown) => ({
      id: textOf(each, 'id') ?? '',
      name: textOf(each, 'name') ?? '',
    })),
    person: person === undefined || person === null ? undefined : personOf(person),
  };
}

function personOf(person: unknown): LoggedIn {
  const roles = member(person, 'roles');
  return {
    id: textOf(person, 'id') ?? '',
    issuer: textOf(person, 'issuer') ?? '',
    subject: textOf(person, 'subject') ?? '',
    provider: textOf(person, 'provider') ?? '',
    name: textOf(person, 'name'),
    roles: (Array.isArray(roles) ? roles : []).filter(
      (role: unknown): role is Role => typeof role === 'string' && isRole(role),
    ),
    endsAt: textOf(person, 'endsAt') ?? '',
  };
}

/** A member of what was answered; `undefined` where there is none. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** A text that is a member of what was answered. */
export function textOf(value: unknown, name: string): string | undefined {
  const text = member(value, name);
  return typeof text === 'string' ? text : undefined;
}
