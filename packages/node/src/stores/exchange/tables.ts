/** Evidence of exchanges with other members, and the nonces that keep a request from counting twice. */
export interface ExchangeTables {
  exchange_nonce: {
    member: string;
    nonce: string;
    expires_at: string;
  };
  exchange_receipt: {
    id: string;
    direction: string;
    at: string;
    peer: string;
    /** JSON: a `Receipt`. */
    receipt: string;
  };
}
