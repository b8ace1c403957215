import type { DirectoryMember } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { AnswerEvidence } from '../../stores/exchange/exchange-store.ts';
import { contentDigest } from './content-digest.ts';
import { ANSWER_TAG, answerComponents, answerValues, CLOCK_SKEW_S } from './coverage.ts';
import { type Evidence, exchangeId } from './evidence.ts';
import {
  type CheckedRequest,
  checkRequest,
  type IncomingRequest,
  type RequestCheckPorts,
} from './request-checks.ts';
import type { Signer } from './signer.ts';

/** The member of the network that asks, as its signature shows. */
export interface AskingMember {
  readonly member: DirectoryMember;
  readonly keyId: string;
  /** A person's passport that it passes on, not yet verified. */
  readonly passport?: string | undefined;
}

/** A request that is accepted, and waits for its answer. */
export interface AcceptedRequest extends AskingMember {
  readonly checked: CheckedRequest;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** Answers members: takes only what is signed, whole, of now and new, and signs what goes back. */
export class IncomingExchange {
  readonly #ports: RequestCheckPorts;
  readonly #signer: Signer;
  readonly #evidence: Evidence;

  constructor(ports: RequestCheckPorts, signer: Signer, evidence: Evidence) {
    this.#ports = ports;
    this.#signer = signer;
    this.#evidence = evidence;
  }

  /** Throws as `checkRequest`, `node/replayed`, `node/evidence-unavailable`. */
  async accept(request: IncomingRequest): Promise<AcceptedRequest> {
    const checked = await checkRequest(request, this.#ports);
    const { member, parameters, passport } = checked;
    const { created, nonce, keyid } = parameters;
    // As long as any clock that is right enough would still accept it.
    const expiresAt = new Date((created + 2 * CLOCK_SKEW_S) * 1_000).toISOString();
    if (!(await this.#evidence.see({ member: member.id, nonce, expiresAt }))) {
      throw new NodeError('node/replayed', 'this very request was accepted before; sign each one anew');
    }
    return { member, keyId: keyid, passport, checked };
  }

  /** Header fields that go with the answer; its receipt is durable then. Throws `node/evidence-unavailable`. */
  async answer(
    { member, checked }: AcceptedRequest,
    { status, contentType, body }: OutgoingAnswer,
  ): Promise<Readonly<Record<string, string>>> {
    const digest = contentDigest(body);
    const answer = { status, contentType, contentDigest: digest };
    const components = answerComponents(answer, checked.field.label);
    const { nonce } = checked.parameters;
    const { headers } = await this.#signer.sign(components, answerValues(answer, checked.field), {
      nonce,
      tag: ANSWER_TAG,
    });
    await this.#keep(checked, member.id, { ...answer, ...headers });
    return {
      'content-digest': digest,
      'signature-input': headers.signatureInput,
      signature: headers.signature,
    };
  }

  async #keep(checked: CheckedRequest, peer: string, answer: AnswerEvidence): Promise<void> {
    await this.#evidence.keep({
      format: 'federome-receipt 1',
      id: exchangeId(checked.field.signature),
      direction: 'answered',
      at: this.#ports.now().toISOString(),
      peer,
      directoryVersion: checked.directoryVersion,
      request: checked.evidence,
      answer,
    });
  }
}
