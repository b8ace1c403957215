import { expect, test } from 'vitest';
import { ANONYMOUS, actingRoles, type Requester } from './requester.ts';

const identity = { issuer: 'https://id.example', subject: 'anna' };
const person = { kind: 'person', identity, roles: ['operator'], visas: [] } satisfies Requester;

test('a person acts with their roles when they come themselves, and never through another member', () => {
  expect(actingRoles(person)).toEqual(['operator']);
  expect(actingRoles({ ...person, through: 'lu.hub' })).toEqual([]);
  expect(actingRoles({ kind: 'machine', identity, roles: ['auditor'] })).toEqual(['auditor']);
  expect(actingRoles({ kind: 'member', member: 'lu.hub' })).toEqual([]);
  expect(actingRoles(ANONYMOUS)).toEqual([]);
});
