/** Every reason for which a passport or visa is refused; stable, docs/passports.md lists what leads to each. */
export type RefusalCode =
  | 'not-compact'
  | 'not-canonical'
  | 'too-long'
  | 'too-deep'
  | 'not-json'
  | 'duplicate-member'
  | 'malformed-header'
  | 'wrong-type'
  | 'unsupported-algorithm'
  | 'critical-header'
  | 'missing-kid'
  | 'missing-jku'
  | 'missing-claim'
  | 'malformed-claim'
  | 'unknown-visa-type'
  | 'too-many-visas'
  | 'untrusted-issuer'
  | 'wrong-jku'
  | 'unknown-key'
  | 'wrong-key-kind'
  | 'keys-unavailable'
  | 'bad-signature'
  | 'expired'
  | 'not-yet-valid'
  | 'issued-in-future'
  | 'too-old'
  | 'missing-audience'
  | 'wrong-audience'
  | 'other-subject'
  | 'type-not-allowed'
  | 'not-the-holder'
  | 'missing-by'
  | 'untrusted-by'
  | 'untrusted-source'
  | 'asserted-in-future'
  | 'revoked'
  | 'revocation-unknown'
  | 'unlinked-subject'
  | 'malformed-condition'
  | 'unsupported-condition'
  | 'unmet-condition';

/** The checks of a passport, in their order; the first that fails ends it. */
export const PASSPORT_CHECKS = [
  'form',
  'header',
  'claims',
  'issuer',
  'key',
  'signature',
  'time',
  'audience',
  'session',
] as const;

/** The checks of a visa, in their order; the first that fails ends it. */
export const VISA_CHECKS = [
  'form',
  'header',
  'claims',
  'issuer',
  'key',
  'signature',
  'time',
  'assertion',
  'revocation',
  'subject',
  'conditions',
] as const;

export type CheckName = (typeof PASSPORT_CHECKS)[number] | (typeof VISA_CHECKS)[number];

/** One check that was made. `code` and `why` only where it failed. */
export interface Check {
  readonly name: CheckName;
  readonly passed: boolean;
  readonly code?: RefusalCode | undefined;
  /** For an operator; never text of the token beyond its identifiers. */
  readonly why?: string | undefined;
}

/** What became of one visa. */
export interface VisaReport {
  /** Its place in the passport, from 0. */
  readonly index: number;
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly value?: string | undefined;
  readonly issuer?: string | undefined;
  readonly accepted: boolean;
  readonly checks: readonly Check[];
}

/** What was checked of a passport and of each of its visas, and what came of it. */
export interface VerificationReport {
  /** ISO 8601. */
  readonly at: string;
  /** Whether the passport itself holds; visas count only then. */
  readonly accepted: boolean;
  readonly checks: readonly Check[];
  readonly visas: readonly VisaReport[];
}

/** Thrown inside a check; `checkOf` turns it into the check's result. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, why: string) {
    super(why);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** The checks of one token as they are made: after one failed, none is made any more. */
export class CheckList {
  readonly checks: Check[] = [];

  get passed(): boolean {
    return this.checks.every((check) => check.passed);
  }

  /** Makes one check; `undefined` where it refused. What is no refusal is thrown on. */
  run<T>(name: CheckName, work: () => T): T | undefined {
    try {
      const value = work();
      this.checks.push({ name, passed: true });
      return value;
    } catch (error) {
      return this.#refused(name, error);
    }
  }

  /** As `run`, of a check that waits for something. */
  async wait<T>(name: CheckName, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const value = await work();
      this.checks.push({ name, passed: true });
      return value;
    } catch (error) {
      return this.#refused(name, error);
    }
  }

  #refused(name: CheckName, error: unknown): undefined {
    if (!(error instanceof Refusal)) throw error;
    this.checks.push({ name, passed: false, code: error.code, why: error.message });
    return undefined;
  }
}
