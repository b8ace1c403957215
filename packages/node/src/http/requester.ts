import {
  ANONYMOUS_ASKER,
  type Asker,
  isPurpose,
  PURPOSE_HEADER,
  PURPOSES,
  type Purpose,
  type Requester,
} from '@federome/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NodeError } from '../errors.ts';

/** Who asks, and the passport that goes on to members in their name. */
export interface Authenticated {
  readonly requester: Requester;
  readonly passport?: string | undefined;
}

/** A passport that passed every check: whose it is, and what this node's records say of them. */
export type PassportCheck = (
  passport: string,
  /** The member that passed it on. */
  through: string | undefined,
) => Promise<Requester>;

/** How somebody may say who they are. A node has those that it has parts for. Each throws `node/unauthenticated` and the like. */
export interface Authentication {
  /** A browser's session, by its cookie. */
  readonly session?:
    | {
        readonly isPresent: (request: FastifyRequest) => boolean;
        readonly authenticate: (request: FastifyRequest) => Promise<Authenticated>;
      }
    | undefined;
  /** The access token of a machine client. */
  readonly machine?: ((token: string) => Promise<Requester>) | undefined;
  readonly passport?: PassportCheck | undefined;
  /** A signed request, already held to its signature; `undefined` of one without. */
  readonly member?:
    | ((
        request: FastifyRequest,
      ) => { readonly id: string; readonly passport?: string | undefined } | undefined)
    | undefined;
}

const PASSPORT_HEADER = 'ga4gh-passport';
const PASSPORT_TYPE = 'vnd.ga4gh.passport+jwt';
const ASKERS = new WeakMap<FastifyRequest, Asker>();

/**
 * Establishes who asks before any handler of the scope runs: by session, bearer token or signature, of which exactly one
 * may be there. One that is there and does not hold is refused; nobody becomes the public by mistake.
 */
export function establishAsker(server: FastifyInstance, authentication: Authentication): void {
  server.addHook('preHandler', async (request) => {
    ASKERS.set(request, await authenticate(request, authentication));
  });
}

/** Who asks; of a request whose scope establishes nobody, the public. */
export function askerOf(request: FastifyRequest): Asker {
  return ASKERS.get(request) ?? ANONYMOUS_ASKER;
}

/**
 * Who a request is from, and what for. Throws `node/ambiguous-authentication` where it says so in several ways,
 * `node/unauthenticated` where what it says does not hold, `node/bad-request` for a purpose that is none.
 */
export async function authenticate(request: FastifyRequest, authentication: Authentication): Promise<Asker> {
  const purpose = purposeOf(request.headers[PURPOSE_HEADER]);
  const who = await whoOf(request, authentication);
  return { ...who, ...(purpose !== undefined && { purpose }) };
}

async function whoOf(request: FastifyRequest, authentication: Authentication): Promise<Authenticated> {
  const { session } = authentication;
  const member = authentication.member?.(request);
  const hasSession = session?.isPresent(request) === true;
  const header = request.headers.authorization;
  const ways = [hasSession, header !== undefined, member !== undefined].filter(Boolean).length;
  if (ways > 1) throw ambiguous();
  if (request.headers[PASSPORT_HEADER] !== undefined && member === undefined) {
    throw unauthenticated(
      `${PASSPORT_HEADER} counts only in a member’s signed request; send a passport as bearer token`,
    );
  }
  if (member !== undefined) return await ofMember(member, authentication);
  if (header !== undefined) return await ofBearer(header, authentication);
  if (session !== undefined && hasSession) return await session.authenticate(request);
  return ANONYMOUS_ASKER;
}

/** A member asks for the person whose passport it passes on, and for itself where there is none. */
async function ofMember(
  { id, passport }: { readonly id: string; readonly passport?: string | undefined },
  authentication: Authentication,
): Promise<Authenticated> {
  if (passport === undefined) return { requester: { kind: 'member', member: id } };
  const check = authentication.passport;
  if (check === undefined) throw unauthenticated('passports are not taken here');
  return { requester: await check(passport, id), passport };
}

async function ofBearer(header: string, authentication: Authentication): Promise<Authenticated> {
  const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw unauthenticated('authorization: expected a bearer token');
  if (typeOf(token) === PASSPORT_TYPE) {
    const check = authentication.passport;
    if (check === undefined) throw unauthenticated('passports are not taken here');
    return { requester: await check(token, undefined), passport: token };
  }
  const check = authentication.machine;
  if (check === undefined) throw unauthenticated('access tokens are not taken here');
  return { requester: await check(token) };
}

/** `typ` of a JWT, which only says who is to check it. */
function typeOf(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
    const type = typeof header === 'object' && header !== null && 'typ' in header ? header.typ : undefined;
    return typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : undefined;
  } catch {
    return undefined;
  }
}

/** A stated purpose. Throws `node/bad-request` for one that is none of the four. */
export function purposeOf(stated: unknown): Purpose | undefined {
  if (stated === undefined) return undefined;
  if (typeof stated === 'string' && isPurpose(stated)) return stated;
  throw new NodeError('node/bad-request', `purpose: expected one of ${PURPOSES.join(', ')}`);
}

/** Who asks, for what the question itself states too. Throws `node/bad-request` where header and question differ. */
export function statePurpose(request: FastifyRequest, stated: Purpose | undefined): Asker {
  const asker = askerOf(request);
  if (stated === undefined || stated === asker.purpose) return asker;
  if (asker.purpose !== undefined) {
    throw new NodeError('node/bad-request', `purpose: the question and the header ${PURPOSE_HEADER} differ`);
  }
  const stating = { ...asker, purpose: stated };
  ASKERS.set(request, stating);
  return stating;
}

/** RFC 6750, section 3: what a refusal tells a client about how to come back; `undefined` of other statuses. */
export function challengeOf(status: number, code: string): string | undefined {
  if (status === 401) {
    const error = code === 'node/unauthenticated' ? '' : ', error="invalid_token"';
    return `Bearer realm="federome"${error}`;
  }
  return status === 403 ? 'Bearer realm="federome", error="insufficient_scope"' : undefined;
}

function ambiguous(): NodeError {
  return new NodeError(
    'node/ambiguous-authentication',
    'the request says in several ways who asks: expected one of session, bearer token and signature',
  );
}

function unauthenticated(why: string): NodeError {
  return new NodeError('node/unauthenticated', why);
}
