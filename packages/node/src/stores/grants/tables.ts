/** Grants of a node; `visa_grant` because GRANT is SQL's own word. */
export interface GrantTables {
  visa_grant: {
    id: string;
    issuer: string;
    subject: string;
    type: string;
    value: string;
    source: string;
    asserted_by: string;
    /** JSON, or empty. */
    conditions: string;
    valid_from: string;
    valid_until: string;
    granted_issuer: string;
    granted_subject: string;
    granted_at: string;
    reason: string;
    revoked_at: string | null;
    revoked_issuer: string | null;
    revoked_subject: string | null;
    revoked_reason: string | null;
    revocation: number | null;
    /** 1 once the revocation is in the ledger. */
    revocation_recorded: number;
  };
}
