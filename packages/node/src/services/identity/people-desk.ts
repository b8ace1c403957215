import type { Role } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { PeopleService, PersonWithRoles } from './people-service.ts';

/** Who acts: a person of the records, with the roles of this moment. */
export interface Actor {
  readonly person: string;
  readonly roles: readonly Role[];
}

/** What operators do with people and roles, and auditors see; everybody else is refused with `node/forbidden`. */
export class PeopleDesk {
  readonly #people: PeopleService;

  constructor(people: PeopleService) {
    this.#people = people;
  }

  async list(actor: Actor): Promise<readonly PersonWithRoles[]> {
    assertRole(actor, ['operator', 'auditor']);
    return await this.#people.list();
  }

  async grant(actor: Actor, person: string, role: Role): Promise<void> {
    assertRole(actor, ['operator']);
    await this.#people.grant(person, role, actor.person);
  }

  async withdraw(actor: Actor, person: string, role: Role): Promise<void> {
    assertRole(actor, ['operator']);
    await this.#people.withdraw(person, role, actor.person);
  }

  async invite(actor: Actor, role: Role): Promise<{ readonly code: string; readonly expiresAt: string }> {
    assertRole(actor, ['operator']);
    return await this.#people.invite(role, actor.person);
  }
}

function assertRole({ roles }: Actor, wanted: readonly Role[]): void {
  if (wanted.some((role) => roles.includes(role))) return;
  throw new NodeError('node/forbidden', `this takes the role of ${wanted.join(' or ')} at this server`);
}
