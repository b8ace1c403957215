import { isRole, type Role } from '@federome/core';
import { callApi, member, textOf } from '../session/session.ts';

/** Somebody who is known to this server. */
export interface KnownPerson {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | undefined;
  readonly roles: readonly Role[];
}

/** Everybody who is known here, as the server lets an operator see. Throws `PortalError`. */
export async function fetchPeople(): Promise<readonly KnownPerson[]> {
  const people = member(await callApi('GET', '/api/people'), 'people');
  return (Array.isArray(people) ? people : []).map(personOf);
}

function personOf(person: unknown): KnownPerson {
  const roles = member(person, 'roles');
  return {
    id: textOf(person, 'id') ?? '',
    issuer: textOf(person, 'issuer') ?? '',
    subject: textOf(person, 'subject') ?? '',
    name: textOf(person, 'name'),
    roles: (Array.isArray(roles) ? roles : [])
      .map((held: unknown) => textOf(held, 'role') ?? '')
      .filter(isRole),
  };
}
