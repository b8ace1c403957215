import { createHash, randomBytes } from 'node:crypto';
import type { Fetch } from '@federome/client';
import type { Members } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { AnswerEvidence, Receipt, RequestEvidence } from '../../stores/exchange/exchange-store.ts';
import { checkAnswer, type SentRequest } from './answer-checks.ts';
import { contentDigest, digestField } from './content-digest.ts';
import {
  PASSPORT_DIGEST_HEADER,
  PASSPORT_HEADER,
  PURPOSE_HEADER,
  REQUEST_TAG,
  requestComponents,
  requestValues,
} from './coverage.ts';
import { type Evidence, exchangeId } from './evidence.ts';
import { passportDigestOf } from './request-checks.ts';
import type { Signer } from './signer.ts';

export interface OutgoingPorts {
  readonly members: Members;
  readonly now: () => Date;
  /** The platform's by default. */
  readonly fetch?: Fetch | undefined;
  /** 16 random bytes a request; the platform's by default. */
  readonly randomBytes?: ((size: number) => Uint8Array) | undefined;
}

/** Statuses with which the platform makes no response that has a body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

interface Sent extends SentRequest {
  readonly headers: Headers;
  readonly evidence: RequestEvidence;
}

/** Asks members: signs what goes out, and believes only what they signed as the answer to it. */
export class OutgoingExchange {
  readonly #ports: OutgoingPorts;
  readonly #signer: Signer;
  readonly #evidence: Evidence;

  constructor(ports: OutgoingPorts, signer: Signer, evidence: Evidence) {
    this.#ports = ports;
    this.#signer = signer;
    this.#evidence = evidence;
  }

  /**
   * A `fetch` to one member. The head of the answer is checked before it is given, and its body while it is read: a body
   * that is not the signed one fails at its end with `node/answer-tampered`. Answers of status 400 and above may be
   * unsigned, as those of a proxy are: they say no more than that there is no answer. Throws as `checkAnswer`,
   * `node/evidence-unavailable`, and as `Members`.
   */
  fetchFor(member: string): Fetch {
    return async (url, init) => {
      const sent = await this.#signed(member, url, init);
      const send = this.#ports.fetch ?? fetch;
      const response = await send(url, { ...init, headers: sent.headers });
      if (response.status >= 400 && !response.headers.has('signature-input')) return response;
      return await this.#believed(response, sent).catch(async (error: unknown) => {
        await response.body?.cancel().catch(() => undefined);
        throw error;
      });
    };
  }

  async #signed(member: string, url: string, init: RequestInit): Promise<Sent> {
    const headers = new Headers(init.headers);
    const passport = headers.get(PASSPORT_HEADER) ?? undefined;
    const request = {
      method: init.method ?? 'GET',
      target: url,
      contentDigest: contentDigest(bytesOf(init.body)),
      contentType: headers.get('content-type') ?? undefined,
      passportDigest: passport === undefined ? undefined : passportDigestOf(passport),
      purpose: headers.get(PURPOSE_HEADER) ?? undefined,
    };
    const nonce = Buffer.from((this.#ports.randomBytes ?? randomBytes)(16)).toString('base64url');
    const made = await this.#signer.sign(requestComponents(request), requestValues(request), {
      nonce,
      tag: REQUEST_TAG,
    });
    headers.set('content-digest', request.contentDigest);
    headers.set('signature-input', made.headers.signatureInput);
    headers.set('signature', made.headers.signature);
    if (request.passportDigest !== undefined) headers.set(PASSPORT_DIGEST_HEADER, request.passportDigest);
    // The digest is of the bytes that travel: nobody on the way is to compress them.
    headers.set('accept-encoding', 'identity');
    return { member, nonce, signature: made, headers, evidence: { ...request, ...made.headers } };
  }

  async #believed(response: Response, sent: Sent): Promise<Response> {
    const directory = await this.#ports.members.current();
    const head = {
      status: response.status,
      header: (name: string) => response.headers.get(name) ?? undefined,
    };
    const answer = checkAnswer(head, sent, directory, this.#ports.now());
    const receipt = this.#receipt(sent, answer, directory.version);
    const body = checkedBody(response, answer, () => this.#evidence.keep(receipt));
    const { status, headers } = response;
    if (!WITHOUT_BODY.has(status)) return new Response(body, { status, headers });
    await new Response(body).arrayBuffer();
    return new Response(null, { status, headers });
  }

  #receipt(sent: Sent, answer: AnswerEvidence, directoryVersion: number): Receipt {
    return {
      format: 'federome-receipt 1',
      id: exchangeId(sent.signature.signature),
      direction: 'asked',
      at: this.#ports.now().toISOString(),
      peer: sent.member,
      directoryVersion,
      request: sent.evidence,
      answer,
    };
  }
}

/** The body as it comes; its end only where it was the signed one, and `complete` has come through. */
function checkedBody(
  response: Response,
  answer: AnswerEvidence,
  complete: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const hash = createHash('sha256');
  const reader = response.body?.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (!done) {
        hash.update(value);
        return controller.enqueue(value);
      }
      if (digestField(hash.digest()) !== answer.contentDigest) {
        throw new NodeError('node/answer-tampered', 'the body of the answer is not the one that was signed');
      }
      await complete();
      controller.close();
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}

function bytesOf(body: RequestInit['body']): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('a signed request has its body as text or bytes');
}
