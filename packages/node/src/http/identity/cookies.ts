import type { FastifyReply, FastifyRequest } from 'fastify';

/** A cookie that only this server's own pages send, and no script reads. */
export interface Cookie {
  readonly name: string;
  readonly isSecure: boolean;
}

/**
 * The name of a cookie: with the prefix that keeps every other host and path from setting it (RFC 6265bis, section
 * 4.1.3.2); over plain HTTP on loopback, where ports share cookies, with the server's id.
 */
export function cookieOf(purpose: 'session' | 'login', url: string, serverId: string): Cookie {
  const isSecure = url.startsWith('https:');
  return { name: isSecure ? `__Host-federome-${purpose}` : `federome-${purpose}-${serverId}`, isSecure };
}

/** What a request brings under a name; `undefined` where it brings nothing or several. */
export function readCookie(request: FastifyRequest, { name }: Cookie): string | undefined {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

/** Gives the browser a value to keep until it is closed. */
export function setCookie(reply: FastifyReply, cookie: Cookie, value: string): void {
  reply.header('set-cookie', `${cookie.name}=${value}; ${attributesOf(cookie)}`);
}

export function clearCookie(reply: FastifyReply, cookie: Cookie): void {
  reply.header('set-cookie', `${cookie.name}=; Max-Age=0; ${attributesOf(cookie)}`);
}

function attributesOf({ isSecure }: Cookie): string {
  return `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
