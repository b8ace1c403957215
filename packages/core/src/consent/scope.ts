import { CoreError } from '../errors.ts';

/**
 * The three consents of a data subject in the 1+MG framework, given and withdrawn separately. Every answer is AND-ed
 * with the scope that it needs:
 * - `allele-frequency`: counts of alleles over a whole dataset or its populations;
 * - `subject-level-query`: any answer about people selected by their features (filters), individuals included;
 * - `secondary-use`: use by an approved project in the network.
 */
export const CONSENT_SCOPES = ['allele-frequency', 'subject-level-query', 'secondary-use'] as const;
/** One of the three consents. */
export type ConsentScope = (typeof CONSENT_SCOPES)[number];

/** What silence of a person means in a dataset; the law of the country decides, so it is the dataset's policy. */
export type ConsentModel = 'opt-out' | 'opt-in';

/** What a person decided about one scope; `subject` is the id in the dataset. */
export interface ConsentDecision {
  readonly subject: string;
  readonly scope: ConsentScope;
  readonly decision: 'permit' | 'deny';
}

const SCOPE_NAMES = new Map<string, readonly ConsentScope[]>([
  ['all', CONSENT_SCOPES],
  ['*', CONSENT_SCOPES],
  ['allele-frequency', ['allele-frequency']],
  ['allele-frequencies', ['allele-frequency']],
  ['allele-frequency-calculation', ['allele-frequency']],
  ['subject-level-query', ['subject-level-query']],
  ['subject-level-queries', ['subject-level-query']],
  ['secondary-use', ['secondary-use']],
]);

const DECISIONS = new Map<string, 'permit' | 'deny'>([
  ['permit', 'permit'],
  ['grant', 'permit'],
  ['yes', 'permit'],
  ['deny', 'deny'],
  ['withdraw', 'deny'],
  ['no', 'deny'],
]);

/** The scopes that a consent item names; `all` names the three. Throws `core/bad-consent`. */
export function parseConsentItem(text: string): readonly ConsentScope[] {
  const scopes = SCOPE_NAMES.get(
    text
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, '-'),
  );
  if (scopes === undefined) {
    throw new CoreError(
      'core/bad-consent',
      `'${text}' is not a consent item: expected ${[...CONSENT_SCOPES, 'all'].join(', ')}`,
    );
  }
  return scopes;
}

/** Throws `core/bad-consent` for anything but permit (grant, yes) and deny (withdraw, no). */
export function parseConsentDecision(text: string): 'permit' | 'deny' {
  const decision = DECISIONS.get(text.trim().toLowerCase());
  if (decision === undefined) {
    throw new CoreError('core/bad-consent', `'${text}' is not a decision: expected permit or deny`);
  }
  return decision;
}
