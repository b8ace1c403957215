import type { Fetch } from '@federome/client';
import { isObject, type Json, type JsonObject, Refusal, readStrictJson } from '@federome/core';

/** How key sets of outside issuers are kept; all have defaults. */
export interface JwksCacheOptions {
  readonly now: () => Date;
  /** The platform's by default. */
  readonly fetch?: Fetch | undefined;
  /** How long an answer may take; 5 s by default. */
  readonly timeoutMs?: number | undefined;
}

interface KeptSet {
  readonly keys: readonly JsonObject[];
  readonly fetchedMs: number;
}

const TIMEOUT_MS = 5_000;
const MAXIMUM_BYTES = 65_536;
const MAXIMUM_KEYS = 50;
/** After this a set is asked for again. */
const FRESH_MS = 600_000;
/** Between two attempts, whether the last one succeeded: a stranger's kid must not make us ask again and again. */
const RETRY_MS = 30_000;
/** How long a set serves while its issuer is away; a key that it withdraws meanwhile is believed no longer than this. */
const STALE_MS = 3_600_000;

/**
 * Key sets (RFC 7517, section 5) of the issuers that the configuration names; no other address is ever asked. Redirects
 * are not followed, and what is too large or too slow is not read.
 */
export class JwksCache {
  readonly #options: JwksCacheOptions;
  readonly #sets = new Map<string, KeptSet>();
  readonly #tried = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: JwksCacheOptions) {
    this.#options = options;
  }

  /** The one key of this name. Throws `Refusal`: `unknown-key`, `keys-unavailable`. */
  async key(url: string, kid: string): Promise<JsonObject> {
    const before = this.#set(url);
    const isFresh = before !== undefined && this.#nowMs() - before.fetchedMs < FRESH_MS;
    if (!isFresh || !before.keys.some((key) => key.kid === kid)) await this.#refresh(url);
    const set = this.#set(url);
    if (set === undefined) {
      throw new Refusal('keys-unavailable', 'the keys of the issuer cannot be read, nor were they lately');
    }
    const [key, ...others] = set.keys.filter((each) => each.kid === kid);
    if (key !== undefined && others.length === 0) return key;
    throw new Refusal('unknown-key', 'the issuer publishes no one key of this name');
  }

  #set(url: string): KeptSet | undefined {
    const set = this.#sets.get(url);
    return set !== undefined && this.#nowMs() - set.fetchedMs < STALE_MS ? set : undefined;
  }

  async #refresh(url: string): Promise<void> {
    const tried = this.#tried.get(url);
    let fetching = this.#underWay.get(url);
    if (fetching === undefined) {
      if (tried !== undefined && this.#nowMs() - tried < RETRY_MS) return;
      this.#tried.set(url, this.#nowMs());
      fetching = this.#fetch(url).finally(() => this.#underWay.delete(url));
      this.#underWay.set(url, fetching);
    }
    await fetching;
  }

  async #fetch(url: string): Promise<void> {
    const fetchedMs = this.#nowMs();
    try {
      const send = this.#options.fetch ?? fetch;
      const response = await send(url, {
        redirect: 'error',
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return;
      }
      this.#sets.set(url, { keys: keysOf(await boundedText(response)), fetchedMs });
    } catch {
      // Whatever happened, the last set stands for as long as it may.
    }
  }

  #nowMs(): number {
    return this.#options.now().getTime();
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BYTES) throw new Refusal('too-long', 'the key set is too large');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

function keysOf(text: string): readonly JsonObject[] {
  const value = readStrictJson(text);
  const keys: Json | undefined = isObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys) || keys.length > MAXIMUM_KEYS) throw new Refusal('not-json', 'no key set');
  return keys.filter(isObject);
}
