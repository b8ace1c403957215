/** The five types of GA4GH Passport 1.2. */
export const VISA_TYPES = [
  'AffiliationAndRole',
  'AcceptedTermsAndPolicies',
  'ResearcherStatus',
  'ControlledAccessGrants',
  'LinkedIdentities',
] as const;

export type VisaType = (typeof VISA_TYPES)[number];

/** Who says so, as the claim `by` has it. */
export type VisaBy = 'self' | 'peer' | 'system' | 'so' | 'dac';

/** What a visa says, once every check has passed. */
export interface AcceptedVisa {
  readonly type: VisaType;
  readonly value: string;
  readonly source: string;
  readonly by: VisaBy;
  /** Seconds since 1970: when the source asserted it. */
  readonly asserted: number;
  readonly issuer: string;
  readonly subject: string;
  readonly id: string;
  /** Seconds since 1970: the smallest expiry of all that it rests on. */
  readonly expires: number;
}
