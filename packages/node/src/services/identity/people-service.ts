import { type Identity, isRole, type Ledger, ROLES, type Role } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { KnownPerson, PeopleStore, RoleGrant } from '../../stores/people/people.ts';
import { hashOf, newId, newSecret } from './secrets.ts';

/** Issuer of the embedded provider's people in the records: a change of the server's address changes nobody. */
export const EMBEDDED_ISSUER = 'urn:federome:embedded';
/** Who changes things by commands, which takes an account on the machine. */
export const COMMAND_LINE = 'command line';
/** The role that somebody must have, or nobody could give anybody a role. */
const KEPT: Role = 'operator';
const INVITATION_MS = 7 * 24 * 3_600_000;

export interface PersonWithRoles extends KnownPerson {
  readonly grants: readonly RoleGrant[];
}

interface Ports {
  readonly store: PeopleStore;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

/** Who is known at this node, and which roles its own records give them: no token and no other server has a say. */
export class PeopleService {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Whoever a provider named, entered at their first login. */
  async enter(
    identity: Identity,
    {
      kind = 'person',
      name,
    }: { readonly kind?: KnownPerson['kind']; readonly name?: string | undefined } = {},
  ): Promise<KnownPerson> {
    const createdAt = this.#ports.now().toISOString();
    const { issuer, subject } = identity;
    return await this.#ports.store.enter(
      { kind, issuer, subject, name: name?.slice(0, 200), createdAt },
      newId(),
    );
  }

  async find(identity: Identity): Promise<KnownPerson | undefined> {
    return await this.#ports.store.find(identity);
  }

  async person(id: string): Promise<KnownPerson | undefined> {
    return await this.#ports.store.person(id);
  }

  /** Roles now; none of whoever is not known. */
  async rolesOf(person: string): Promise<readonly Role[]> {
    const held = new Set(
      (await this.#ports.store.rolesOf(person, this.#ports.now())).map(({ role }) => role),
    );
    return ROLES.filter((role) => held.has(role));
  }

  async list(): Promise<readonly PersonWithRoles[]> {
    const people = await this.#ports.store.list();
    const now = this.#ports.now();
    return await Promise.all(
      people.map(async (person) => ({ ...person, grants: await this.#ports.store.rolesOf(person.id, now) })),
    );
  }

  /**
   * Grants a role from now on; the ledger has it before anybody has the role. Nothing happens where it is held. Throws
   * `node/unknown-person`, `node/ledger-unavailable`.
   */
  async grant(person: string, role: Role, by: string, until?: Date): Promise<void> {
    await this.#known(person);
    if (until === undefined && (await this.rolesOf(person)).includes(role)) return;
    const at = this.#ports.now().toISOString();
    await this.#ports.ledger.record({ type: 'person/role-granted', at, data: { person, role, by } });
    await this.#ports.store.grant(person, { role, from: at, until: until?.toISOString(), by });
  }

  /**
   * Withdraws a role; it counts from the next request on, also where the ledger cannot be written at once: what waits to
   * be recorded is durable, and recorded when it can be. Throws `node/unknown-person`, `node/last-operator`,
   * `node/ledger-unavailable`.
   */
  async withdraw(person: string, role: Role, by: string): Promise<void> {
    await this.#known(person);
    const at = this.#ports.now();
    const done = await this.#ports.store.withdraw(person, role, at, KEPT);
    if (done === 'last') throw lastOperator();
    if (done === 'none') return;
    await this.#ports.ledger.record({
      type: 'person/role-withdrawn',
      at: at.toISOString(),
      data: { person, role, by },
    });
  }

  /** Deletes whoever it is from the records, and with them every role. Throws as `withdraw`. */
  async forget(person: string, by: string): Promise<void> {
    await this.#known(person);
    const at = this.#ports.now();
    if ((await this.#ports.store.forget(person, at, KEPT)) === 'last') throw lastOperator();
    await this.#ports.ledger.record({
      type: 'person/forgotten',
      at: at.toISOString(),
      data: { person, by },
    });
  }

  /** A code that gives the role to whoever redeems it first, within a week. */
  async invite(role: Role, by: string): Promise<{ readonly code: string; readonly expiresAt: string }> {
    const code = newSecret();
    const expiresAt = new Date(this.#ports.now().getTime() + INVITATION_MS).toISOString();
    await this.#ports.store.invite({ codeHash: hashOf(code), role, by, expiresAt });
    return { code, expiresAt };
  }

  /** Redeems an invitation. Throws `node/bad-code`. */
  async redeem(person: string, code: string): Promise<Role> {
    const invitation = await this.#ports.store.redeem(hashOf(code), this.#ports.now());
    if (invitation === undefined) {
      throw new NodeError('node/bad-code', 'there is no such invitation, or it was used or has expired');
    }
    await this.grant(person, invitation.role, invitation.by);
    return invitation.role;
  }

  async deleteExpired(): Promise<void> {
    await this.#ports.store.deleteExpired(this.#ports.now());
  }

  async #known(person: string): Promise<KnownPerson> {
    const known = await this.#ports.store.person(person);
    if (known === undefined) throw new NodeError('node/unknown-person', 'nobody is known here by that id');
    return known;
  }
}

function lastOperator(): NodeError {
  return new NodeError('node/last-operator', 'this is the last operator: make somebody else one first');
}

/** A role by its name. Throws `node/bad-request`. */
export function roleNamed(text: string): Role {
  if (isRole(text)) return text;
  throw new NodeError('node/bad-request', `role: expected one of ${ROLES.join(', ')}`);
}
