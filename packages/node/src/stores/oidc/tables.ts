/** What the embedded OpenID provider keeps. */
export interface OidcTables {
  oidc_entry: {
    kind: string;
    id: string;
    payload: string;
    grant_id: string | null;
    uid: string | null;
    consumed_at: number | null;
    expires_at: number;
  };
  oidc_client: { id: string; name: string; jwk: string; redirect_uris: string; created_at: string };
  oidc_account: {
    subject: string;
    login: string;
    name: string;
    passphrase: string | null;
    code_hash: string | null;
    code_expires_at: string | null;
    created_at: string;
  };
}
