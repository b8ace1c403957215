/** What a page of a browser would do with a server, without the page: cookies by host, and redirects one by one. */
export class LoginBrowser {
  readonly #cookies = new Map<string, string>();
  csrfToken: string | undefined;

  /** Cookies by name. */
  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0 && !headers.has('cookie')) {
      headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects until a page, or an address that `stop` names. */
  async follow(
    url: string,
    stop: (url: string) => boolean = () => false,
  ): Promise<{ url: string; response: Response }> {
    let at = url;
    for (let hops = 0; hops < 15; hops++) {
      if (stop(at)) return { url: at, response: new Response() };
      const response = await this.fetch(at);
      const location = response.headers.get('location');
      if (location === null) return { url: at, response };
      at = new URL(location, at).href;
    }
    throw new Error(`redirects without end at ${at}`);
  }

  /** Logs in as a person of a demonstration at a server's own provider. */
  async logIn(server: string, person: string): Promise<void> {
    const { url } = await this.follow(`${server}/auth/login?provider=own&return=/portal/`, isPortal);
    // The provider may know the browser already, and ask nothing.
    if (!isPortal(url)) await this.choose(url, person, isPortal);
    await this.session(server);
  }

  /** Chooses a person on the provider's page, and goes on. */
  async choose(page: string, person: string, stop?: (url: string) => boolean) {
    const response = await this.fetch(page, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ person }).toString(),
    });
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    return await this.follow(new URL(location, page).href, stop);
  }

  /** What the server says of this browser. */
  async session(
    server: string,
  ): Promise<{ person: { id: string; roles: string[] } | null; csrfToken?: string }> {
    const session = await (await this.fetch(`${server}/api/session`)).json();
    this.csrfToken = session.csrfToken;
    return session;
  }

  /** Asks the API as the server's own page does. */
  async call(server: string, method: string, path: string, body?: unknown): Promise<Response> {
    return await this.fetch(`${server}${path}`, {
      method,
      headers: {
        origin: server,
        'sec-fetch-site': 'same-origin',
        'x-csrf-token': this.csrfToken ?? '',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

function isPortal(url: string): boolean {
  return new URL(url).pathname.startsWith('/portal/');
}
