import { expect, test } from 'vitest';
import { checkedVisaTrust } from './visa-trust.ts';

const ISSUER = {
  issuer: 'https://rems.example/',
  jku: 'https://rems.example/api/jwk',
  types: ['ControlledAccessGrants'],
  sources: ['https://dac.example/'],
};

test('whom a node believes is read from its configuration', () => {
  const broker = { issuer: 'https://login.example/', jwksUri: 'https://login.example/jwk', legacyType: true };
  const sources = { 'ee.node': ['https://ut.ee/'] };
  const trust = checkedVisaTrust({ issuers: [ISSUER], brokers: [broker], memberSources: sources }, 'x');
  expect(trust).toMatchObject({ issuers: [ISSUER], brokers: [broker], memberSources: sources });
  expect(checkedVisaTrust({}, 'x')).toEqual({ issuers: [], brokers: [], memberSources: {} });
});

test.each([
  ['an address without TLS', { ...ISSUER, jku: 'http://rems.example/' }],
  ['an address with a user', { ...ISSUER, jku: 'https://user@rems.example/' }],
  ['a type that is none', { ...ISSUER, types: ['Everything'] }],
  ['an unknown member', { ...ISSUER, trusted: true }],
  ['visas for a year', { ...ISSUER, maximumAgeS: 31_557_600 }],
  ['no name', { ...ISSUER, issuer: undefined }],
])('an issuer with %s is refused', (_, issuer) => {
  expect(() => checkedVisaTrust({ issuers: [issuer] }, 'federome.json')).toThrow(
    expect.objectContaining({
      code: 'node/bad-config',
      message: expect.stringContaining('federome.json: visas.issuers.0'),
    }),
  );
});
