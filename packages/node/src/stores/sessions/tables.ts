/** Sessions of browsers, and logins that are under way. */
export interface SessionTables {
  session: {
    id: string;
    token_hash: string;
    previous_hash: string;
    previous_until: string;
    person: string;
    provider: string;
    provider_session: string;
    csrf_token: string;
    sealed_id_token: string;
    roles: string;
    started_at: string;
    seen_at: string;
    rotated_at: string;
    ends_at: string;
  };
  login_attempt: {
    state_hash: string;
    provider: string;
    browser_hash: string;
    nonce: string;
    verifier: string;
    return_path: string;
    expires_at: string;
  };
  seen_logout_token: { id: string; expires_at: string };
}
