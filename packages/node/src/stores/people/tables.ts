/** What of people a node keeps; `SqlPeopleStore` says what each means. */
export interface PeopleTables {
  person: {
    id: string;
    kind: string;
    issuer: string;
    subject: string;
    name: string | null;
    created_at: string;
  };
  person_role: {
    person: string;
    role: string;
    from_at: string;
    until_at: string;
    granted_by: string;
  };
  person_invitation: { code_hash: string; role: string; made_by: string; expires_at: string };
}
