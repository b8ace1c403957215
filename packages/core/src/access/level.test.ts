import { expect, test } from 'vitest';
import type { AcceptedVisa } from '../visas/accepted-visa.ts';
import { type Asker, accessTo, datasetUrl, greaterLevel, lesserLevel } from './level.ts';
import type { Requester } from './requester.ts';
import type { Role } from './roles.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const URL = datasetUrl('ee.node', 'biobank');
const identity = { issuer: 'https://idp.example', subject: 'anne' };

function visa(rest: Partial<AcceptedVisa> = {}): AcceptedVisa {
  return {
    type: 'ControlledAccessGrants',
    value: URL,
    source: 'https://ee.example',
    by: 'dac',
    asserted: 0,
    issuer: 'https://ee.example',
    subject: 'anne',
    id: 'grant',
    expires: NOW.getTime() / 1_000 + 1,
    ...rest,
  };
}

const researcher = visa({
  type: 'ResearcherStatus',
  value: 'https://doi.org/10.1038/s41431-018-0219-y',
  by: 'so',
  id: 'status',
});
const person = (visas: readonly AcceptedVisa[], roles: readonly Role[] = []): Requester => ({
  kind: 'person',
  identity,
  roles,
  visas,
});
const levelOf = (requester: Requester, purpose?: Asker['purpose']) =>
  accessTo(URL, { requester, purpose }, NOW);

test('the public is whoever says nothing, has no permit, or is a member on its own behalf', () => {
  const nobodies: Requester[] = [
    { kind: 'anonymous' },
    { kind: 'member', member: 'fi.node' },
    person([]),
    { kind: 'machine', identity, roles: ['operator'] },
  ];
  for (const requester of nobodies) expect(levelOf(requester, 'research').level).toBe('public');
});

test('a researcher’s status or the role of a data user registers', () => {
  expect(levelOf(person([researcher]))).toEqual({
    level: 'registered',
    permits: ['status'],
    lacksPurpose: false,
  });
  expect(levelOf(person([], ['data-user'])).level).toBe('registered');
  expect(levelOf({ kind: 'machine', identity, roles: ['data-user'] }).level).toBe('registered');
});

test('a grant for the very dataset opens it, for a stated purpose only', () => {
  expect(levelOf(person([visa(), researcher]), 'research')).toEqual({
    level: 'controlled',
    permits: ['grant'],
    lacksPurpose: false,
  });
  expect(levelOf(person([visa(), researcher]))).toEqual({
    level: 'registered',
    permits: ['status'],
    lacksPurpose: true,
  });
  expect(levelOf(person([visa()]))).toEqual({ level: 'public', permits: [], lacksPurpose: true });
});

test('a grant for another dataset, of oneself, of a peer, or expired opens nothing', () => {
  const others = [
    visa({ value: datasetUrl('fi.node', 'biobank') }),
    visa({ value: `${URL}/` }),
    visa({ value: URL.toUpperCase() }),
    visa({ by: 'self' }),
    visa({ by: 'peer' }),
    visa({ expires: NOW.getTime() / 1_000 }),
    visa({ type: 'AcceptedTermsAndPolicies' }),
  ];
  for (const each of others) expect(levelOf(person([each]), 'research').level).toBe('public');
});

test('levels are ordered', () => {
  expect(lesserLevel('controlled', 'registered')).toBe('registered');
  expect(lesserLevel('public', 'registered')).toBe('public');
  expect(greaterLevel('public', 'registered')).toBe('registered');
  expect(greaterLevel('controlled', 'public')).toBe('controlled');
});
