import { ROLES, type Role } from '@federome/core';
import { NodeError } from '../../../errors.ts';

/** Somebody who does not exist. */
export interface DemoPerson {
  readonly subject: string;
  readonly name: string;
  readonly role: Role;
}

/** The family name that stands for anybody in a country's forms and examples, and given names that are common there. */
const NAMES: Readonly<Record<string, readonly [family: string, ...given: string[]]>> = {
  DE: ['Mustermann', 'Erika', 'Max', 'Leonie', 'Jonas', 'Hannah', 'Felix', 'Clara'],
  EE: ['Näidis', 'Mari', 'Jaan', 'Kadri', 'Toomas', 'Liis', 'Andres', 'Tiina'],
  ES: ['de Tal', 'Fulana', 'Mengano', 'Zutana', 'Perengano', 'Lucía', 'Javier', 'Carmen'],
  FI: ['Meikäläinen', 'Maija', 'Matti', 'Aino', 'Eero', 'Helmi', 'Juhani', 'Venla'],
  FR: ['Untel', 'Camille', 'Jean', 'Chloé', 'Louis', 'Manon', 'Hugo', 'Inès'],
  IT: ['Esempio', 'Giulia', 'Mario', 'Chiara', 'Luca', 'Sofia', 'Marco', 'Elena'],
  LU: ['Beispill', 'Josiane', 'Jang', 'Anouk', 'Pol', 'Martine', 'Luc', 'Mia'],
};
const ELSEWHERE = ['Example', 'Alex', 'Robin', 'Sasha', 'Kim', 'Noa', 'Sam', 'Maxime'] as const;

/** One person of every role, named as nobody is in that country. */
export function demoPeople(country: string): readonly DemoPerson[] {
  const [family, ...given] = NAMES[country] ?? ELSEWHERE;
  return ROLES.map((role, index) => ({
    subject: `demo-${role}`,
    name: `${given[index % given.length]} ${family}`,
    role,
  }));
}

/** Whether only programs of this machine reach a host. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** People without a passphrase are for whoever sits at this machine. Throws `node/demo-people-exposed`. */
export function assertPrivate(host: string): void {
  if (isLoopback(host)) return;
  throw new NodeError(
    'node/demo-people-exposed',
    `people of a demonstration log in without a passphrase: serve it on 127.0.0.1 and not as ${host}, or set identity.embedded to local`,
  );
}
