import { NodeError } from '../../errors.ts';
import type { DirectoryPeer, PeerAt } from './peer.ts';
import { readAttemptAnswer, readChain, readJoined, readProposals, readSignature } from './wire.ts';

const MAXIMUM_BYTES = 32_000_000;
const DEFAULT_TIMEOUT_MS = 5_000;

export interface HttpPeerOptions {
  readonly timeoutMs?: number | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Other members over HTTP; see http/directory/routes.ts. Redirects are not followed. */
export function httpPeers(options: HttpPeerOptions = {}): PeerAt {
  return (url) => new HttpPeer(url, options);
}

class HttpPeer implements DirectoryPeer {
  readonly url: string;
  readonly #options: HttpPeerOptions;

  constructor(url: string, options: HttpPeerOptions) {
    this.url = url;
    this.#options = options;
  }

  async chain(after: number) {
    return await this.#read(readChain, `api/directory/chain?after=${after}`);
  }

  async proposals() {
    return (await this.#read(readProposals, 'api/directory/proposals')).proposals;
  }

  async sendVersion(link: Parameters<DirectoryPeer['sendVersion']>[0]) {
    await this.#ask('api/directory/versions', link);
  }

  async sendProposal(proposal: Parameters<DirectoryPeer['sendProposal']>[0]) {
    await this.#ask('api/directory/proposals', proposal);
  }

  async sendVote(vote: Parameters<DirectoryPeer['sendVote']>[0]) {
    await this.#ask('api/directory/votes', vote);
  }

  async promise(request: Parameters<DirectoryPeer['promise']>[0]) {
    return await this.#read(readAttemptAnswer, 'api/directory/promises', request);
  }

  async sign(request: Parameters<DirectoryPeer['sign']>[0]) {
    return await this.#read(readSignature, 'api/directory/signatures', request);
  }

  async join(request: Parameters<DirectoryPeer['join']>[0]) {
    return (await this.#read(readJoined, 'api/directory/joins', request)).proposal;
  }

  async #read<T>(reader: (value: unknown) => T, path: string, body?: unknown): Promise<T> {
    const answer = await this.#ask(path, body);
    try {
      return reader(answer);
    } catch (cause) {
      const why = cause instanceof NodeError ? cause.message : 'not understood';
      throw unreachable(this.url, `its answer is none: ${why}`, cause);
    }
  }

  async #ask(path: string, body?: unknown): Promise<unknown> {
    const { fetch = globalThis.fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, this.url), {
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
      text = await read(response);
    } catch (cause) {
      if (cause instanceof NodeError) throw cause;
      throw unreachable(this.url, 'it does not answer', cause);
    }
    const answer = parsed(text);
    if (response.ok && answer !== undefined) return answer;
    const refusal = problemOf(answer);
    throw unreachable(this.url, refusal ?? `it answered ${response.status}`);
  }
}

async function read(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BYTES) throw unreachable(response.url, 'its answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a problem document says, as far as it may stand in a message of ours. */
function problemOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (!('detail' in answer && 'code' in answer)) return undefined;
  return `it refuses: ${String(answer.detail).slice(0, 300)} [${String(answer.code).slice(0, 60)}]`;
}

function unreachable(url: string, why: string, cause?: unknown): NodeError {
  return new NodeError('node/directory-unreachable', `${url}: ${why}`, {
    cause,
    publicMessage: 'another member did not answer',
  });
}
