import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { federome, federomeOutput, signedNetwork, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

const PERSON = ['--issuer', 'https://login.example/', '--subject', 'alice'];

test('an operator lists, issues, checks and revokes, and grants nothing', async () => {
  const [ee] = await signedNetwork({
    countries: ['EE'],
    prepare: async (node) => void (await node.datasets.add({ id: 'biobank', assembly: 'GRCh38' })),
  });
  const { directory, node } = ee!;
  const value = `urn:federome:${node.config.id}:dataset:biobank`;
  const carol = ['--by-issuer', 'https://login.example/', '--by-subject', 'carol'];
  const access = ['--type', 'ControlledAccessGrants', '--value', value, '--reason', 'permit 7'];
  const wanted = ['visa', 'grant', directory, ...PERSON, ...access, '--until', '2099-01-01', ...carol];
  const refused = await federome(...wanted);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('[node/forbidden]')]);
  const { grants } = await node.visas.services();
  const { id } = await grants.grant(
    {
      kind: 'person',
      identity: { issuer: 'https://login.example/', subject: 'carol' },
      roles: ['dac-member'],
    },
    {
      identity: { issuer: 'https://login.example/', subject: 'alice' },
      type: 'ControlledAccessGrants',
      value,
      until: '2099-01-01',
      reason: 'permit 7',
    },
  );
  expect(JSON.parse(await federomeOutput('visa', 'list', directory, '--json'))).toMatchObject([
    { id, state: 'stands', subject: 'alice' },
  ]);
  const token = await federomeOutput('visa', 'issue', directory, ...PERSON);
  const file = join(await temporaryDirectory(), 'visa.jwt');
  await writeFile(file, token);
  const accepted = await federomeOutput('visa', 'check', directory, file);
  expect(accepted).toContain('visa 0\tconditions\ttrue');
  await federomeOutput('visa', 'revoke', directory, id, '--reason', 'withdrawn');
  const checked = await federome('visa', 'check', directory, file);
  expect([checked.exitCode, checked.stdout]).toEqual([
    1,
    expect.stringContaining('visa 0\trevocation\tfalse\trevoked'),
  ]);
});
