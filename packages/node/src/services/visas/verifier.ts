import {
  type AcceptedVisa,
  CheckList,
  checkAssertion,
  checkHeader,
  checkTime,
  type Identity,
  identityOf,
  type Json,
  judgeVisas,
  PASSPORT_TOKEN_TYPE,
  Refusal,
  readCompactToken,
  readPassportClaims,
  readVisaClaims,
  readVisaList,
  type SoundVisa,
  sameIdentity,
  TOKEN_LIMITS,
  type TrustedIssuer,
  trustedIssuer,
  type VerificationReport,
  VISA_TOKEN_TYPE,
  type VisaClaims,
  type VisaReport,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { Signatures } from './signatures.ts';
import type { Trust } from './trust.ts';
import type { VerificationKeys } from './verification-keys.ts';

/** Whether a visa still stands; asked each time, whatever is remembered of its signature. */
export interface Revocations {
  /** Gives until when the answer holds, in seconds since 1970. Throws `Refusal`: `revoked`, `revocation-unknown`. */
  check(issuer: TrustedIssuer, claims: VisaClaims): Promise<number>;
}

export interface VerifierPorts {
  readonly trust: Trust;
  readonly keys: VerificationKeys;
  readonly signatures: Signatures;
  readonly revocations: Revocations;
  readonly now: () => Date;
}

/** What a passport must be for. */
export interface VerifyOptions {
  /** One of them must be in `aud`. */
  readonly audience: readonly string[];
  /** Whose session it is; another's passport is refused then. */
  readonly identity?: Identity | undefined;
}

/** What came of a passport. Without `identity` nothing of it counts. */
export interface Verification {
  readonly identity: Identity | undefined;
  readonly visas: readonly AcceptedVisa[];
  /** Seconds since 1970: the end of the passport. */
  readonly expires: number;
  readonly report: VerificationReport;
}

/** Verifies passports and visas (GA4GH AAI 1.2 and Passport 1.2, as a clearinghouse). Every check fails closed. */
export class PassportVerifier {
  readonly #ports: VerifierPorts;

  constructor(ports: VerifierPorts) {
    this.#ports = ports;
  }

  /** The person and the visas that count. Throws `node/bad-passport` where the passport itself is refused. */
  async verify(
    token: string,
    options: VerifyOptions,
  ): Promise<Verification & { readonly identity: Identity }> {
    const verification = await this.inspect(token, options);
    const { identity } = verification;
    if (identity !== undefined) return { ...verification, identity };
    const failed = verification.report.checks.find(({ passed }) => !passed);
    throw new NodeError(
      'node/bad-passport',
      `the passport is refused (${failed?.name ?? 'form'}: ${failed?.code ?? 'not-compact'}): ${failed?.why ?? ''}`,
    );
  }

  /** As `verify`, of a passport as a token, for whoever wants the report of a refused one too. */
  async inspect(token: string, options: VerifyOptions): Promise<Verification> {
    const list = new CheckList();
    const read = await this.#passport(token, options, list);
    if (read === undefined) return this.#report(list, undefined, 0, [], []);
    const { identity, expires, visas } = read;
    return await this.#judged(list, identity, expires, visas);
  }

  /**
   * The visas of a person whom an OpenID provider has just named: `claim` is the `ga4gh_passport_v1` of its userinfo
   * endpoint, over a connection that is trusted for who they are and for nothing else.
   */
  async verifyUserinfo(identity: Identity, claim: unknown): Promise<Verification> {
    const list = new CheckList();
    // What is no list of texts is refused by its shape.
    const visas = list.run('claims', () => readVisaList(claim as Json));
    if (visas === undefined) return this.#report(list, undefined, 0, [], []);
    return await this.#judged(list, identity, Number.POSITIVE_INFINITY, visas);
  }

  /** One visa, which somebody shows by itself; of `identity` or, where that is not known, of whomever it is about. */
  async verifyVisa(text: string, identity?: Identity | undefined): Promise<Verification> {
    const list = new CheckList();
    const candidate = await this.#visa(text, new CheckList());
    const of = identity ?? candidate.sound?.identity ?? { issuer: '', subject: '' };
    return await this.#judged(list, of, Number.POSITIVE_INFINITY, [text]);
  }

  async #passport(token: string, options: VerifyOptions, list: CheckList) {
    const nowS = this.#nowS();
    const { trust, keys, signatures } = this.#ports;
    const brokers = await trust.brokers();
    const read = list.run('form', () => readCompactToken(token, TOKEN_LIMITS.passport));
    if (read === undefined) return undefined;
    const legacyType = brokers.some((each) => each.legacyType && each.issuer === read.payload.iss);
    const header = list.run('header', () => checkHeader(read.header, PASSPORT_TOKEN_TYPE, { legacyType }));
    if (header === undefined) return undefined;
    const claims = list.run('claims', () => readPassportClaims(read.payload));
    if (claims === undefined) return undefined;
    const broker = list.run('issuer', () => {
      const found = brokers.find(({ issuer }) => issuer === claims.issuer);
      if (found === undefined) throw new Refusal('untrusted-issuer', 'no broker of this name is trusted');
      return found;
    });
    if (broker === undefined) return undefined;
    const key = await list.wait('key', () => keys.ofBroker(broker, header.kid, header.algorithm));
    if (key === undefined) return undefined;
    await list.wait('signature', () =>
      signatures.check(token, key, header.algorithm, { nowS, expires: claims.expires }),
    );
    if (!list.passed) return undefined;
    const expires = list.run('time', () => checkTime(claims, nowS, Number.POSITIVE_INFINITY));
    if (expires === undefined) return undefined;
    list.run('audience', () => checkAudience(claims.audience, options.audience));
    if (!list.passed) return undefined;
    const identity = { issuer: claims.issuer, subject: claims.subject };
    list.run('session', () => {
      if (options.identity === undefined || sameIdentity(options.identity, identity)) return;
      throw new Refusal('other-subject', 'the passport is somebody else’s than the session');
    });
    return list.passed ? { identity, expires, visas: claims.visas } : undefined;
  }

  async #judged(
    list: CheckList,
    identity: Identity,
    expires: number,
    texts: readonly string[],
  ): Promise<Verification> {
    const read = await Promise.all(texts.map((text) => this.#visa(text, new CheckList())));
    const sound = read.flatMap((each) => each.sound ?? []);
    const visas = judgeVisas(identity, sound, expires);
    const reports = read.map(({ claims, checks }, index): VisaReport => {
      const { id, type, value, issuer } = claims ?? {};
      return { index, id, type, value, issuer, accepted: checks.passed, checks: checks.checks };
    });
    return this.#report(list, identity, expires, visas, reports);
  }

  async #visa(
    text: string,
    checks: CheckList,
  ): Promise<{
    readonly checks: CheckList;
    readonly claims?: VisaClaims | undefined;
    readonly sound?: SoundVisa | undefined;
  }> {
    const nowS = this.#nowS();
    const { trust, keys, signatures, revocations } = this.#ports;
    const issuers = await trust.issuers();
    const read = checks.run('form', () => readCompactToken(text, TOKEN_LIMITS.visa));
    if (read === undefined) return { checks };
    const legacyType = issuers.some((each) => each.legacyType && each.issuer === read.payload.iss);
    const header = checks.run('header', () => checkHeader(read.header, VISA_TOKEN_TYPE, { legacyType }));
    if (header === undefined) return { checks };
    const claims = checks.run('claims', () => readVisaClaims(read.payload));
    if (claims === undefined) return { checks };
    const issuer = checks.run('issuer', () => trustedIssuer(issuers, claims.issuer, header.jku));
    if (issuer === undefined) return { checks, claims };
    const key = await checks.wait('key', () => keys.ofIssuer(issuer, header.kid, header.algorithm));
    if (key === undefined) return { checks, claims };
    await checks.wait('signature', () =>
      signatures.check(text, key, header.algorithm, { nowS, expires: claims.expires }),
    );
    if (!checks.passed) return { checks, claims };
    const ends = checks.run('time', () => checkTime(claims, nowS, issuer.maximumAgeS));
    if (ends === undefined) return { checks, claims };
    const identity = checks.run('assertion', () => {
      checkAssertion(claims, issuer, nowS);
      return identityOf(claims, issuer);
    });
    if (identity === undefined) return { checks, claims };
    const stands = await checks.wait('revocation', () => revocations.check(issuer, claims));
    const { by } = claims;
    if (stands === undefined || by === undefined) return { checks, claims };
    const sound = { claims: { ...claims, by }, identity, expires: Math.min(ends, stands), checks };
    return { checks, claims, sound };
  }

  #report(
    list: CheckList,
    identity: Identity | undefined,
    expires: number,
    visas: readonly AcceptedVisa[],
    reports: readonly VisaReport[],
  ): Verification {
    const at = this.#ports.now().toISOString();
    const report = { at, accepted: identity !== undefined, checks: list.checks, visas: reports };
    return { identity, visas, expires, report };
  }

  #nowS(): number {
    return this.#ports.now().getTime() / 1_000;
  }
}

function checkAudience(audience: readonly string[], wanted: readonly string[]): void {
  if (audience.length === 0) throw new Refusal('missing-audience', 'it does not say for whom it is');
  if (audience.some((each) => wanted.includes(each))) return;
  throw new Refusal('wrong-audience', 'it is for somebody else');
}
