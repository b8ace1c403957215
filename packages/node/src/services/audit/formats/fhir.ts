import type { AuditEvent, AuditOperation, AuditWho, Purpose } from '@federome/core';

interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const dicom = (code: string, display: string): Coding => ({
  system: 'http://dicom.nema.org/resources/ontology/DCM',
  code,
  display,
});

const QUERY = dicom('110112', 'Query');
const EXPORT = dicom('110106', 'Export');
const AUTHENTICATION = dicom('110114', 'User Authentication');
const ALERT = dicom('110113', 'Security Alert');
const AUDIT_USED = dicom('110101', 'Audit Log Used');
const LOGIN = dicom('110122', 'Login');
const LOGOUT = dicom('110123', 'Logout');
const ROLES_CHANGED = dicom('110136', 'Security Roles Changed');
const ATTRIBUTES_CHANGED = dicom('110137', 'User Security Attributes Changed');
const CONFIGURATION = dicom('110131', 'Software Configuration');
const OBJECT_CHANGED = dicom('110132', 'Use of Restricted Function');

/** Event type and, where there is one, its subtype (DICOM PS3.16, context groups 400 and 401). */
const TYPES: Readonly<Record<AuditOperation, readonly [type: Coding, subtype?: Coding]>> = {
  'individuals-by-filter': [QUERY],
  'individuals-by-variant': [QUERY],
  'individual-records': [QUERY],
  variants: [QUERY],
  'variant-frequencies': [QUERY],
  datasets: [QUERY],
  'filtering-terms': [QUERY],
  'network-question': [QUERY],
  'operator-count': [QUERY],
  'operator-frequencies': [EXPORT],
  'operator-export': [EXPORT],
  login: [AUTHENTICATION, LOGIN],
  'login-refused': [AUTHENTICATION, LOGIN],
  logout: [AUTHENTICATION, LOGOUT],
  'role-change': [ALERT, ROLES_CHANGED],
  'client-change': [ALERT, ATTRIBUTES_CHANGED],
  'visa-grant': [ALERT, ATTRIBUTES_CHANGED],
  'visa-revocation': [ALERT, ATTRIBUTES_CHANGED],
  'passport-issue': [ALERT, ATTRIBUTES_CHANGED],
  'key-rotation': [ALERT, CONFIGURATION],
  'member-change': [ALERT, CONFIGURATION],
  'dataset-deletion': [ALERT, OBJECT_CHANGED],
  'consent-change': [ALERT, OBJECT_CHANGED],
  'audit-read': [AUDIT_USED],
  'audit-export': [AUDIT_USED],
  'audit-deletion': [AUDIT_USED],
  'audit-interrupted': [ALERT],
  anomaly: [ALERT],
};

/** HL7 v3 PurposeOfUse, the nearest to each of the four types of use. */
const PURPOSES: Readonly<Record<Purpose, Coding>> = {
  research: purpose('HRESCH', 'healthcare research'),
  policy: purpose('PUBHLTH', 'public health'),
  'quality-management': purpose('HQUALIMP', 'health quality improvement'),
  healthcare: purpose('TREAT', 'treatment'),
};

function purpose(code: string, display: string): Coding {
  return { system: `${TERMINOLOGY}/v3-ActReason`, code, display };
}

/** An event as a FHIR R4 AuditEvent, coded as in IHE's Basic Audit Log Patterns where they have a code. */
export function auditEventOf(event: AuditEvent, nodeId: string) {
  const [type, subtype] = TYPES[event.operation];
  return {
    resourceType: 'AuditEvent',
    id: event.id,
    type,
    subtype: [
      ...(subtype === undefined ? [] : [subtype]),
      { system: 'urn:federome:audit-operation', code: event.operation, display: event.operation },
    ],
    action: type === EXPORT || type === AUDIT_USED ? 'R' : 'E',
    recorded: event.at,
    outcome: outcomeOf(event),
    ...(event.code !== undefined && { outcomeDesc: event.code }),
    ...(event.purpose !== undefined && { purposeOfEvent: [{ coding: [PURPOSES[event.purpose]] }] }),
    agent: agentsOf(event),
    source: {
      site: nodeId,
      observer: { identifier: { system: 'urn:federome:node', value: nodeId } },
      type: [{ system: `${TERMINOLOGY}/security-source-type`, code: '4', display: 'Application Server' }],
    },
    entity: entitiesOf(event, nodeId),
  };
}

/** 0 success, 4 refused, 8 the node failed. */
function outcomeOf({ decision, code }: AuditEvent): string {
  if (decision === 'answered') return '0';
  return code === 'node/internal' || code === 'node/audit-unavailable' ? '8' : '4';
}

function agentsOf({ who, permits }: AuditEvent) {
  const policy = permits.map((id) => `urn:federome:visa:${encodeURIComponent(id)}`);
  const asker = {
    type: { coding: [roleOf(who)] },
    ...identityOf(who),
    requestor: true,
    ...(policy.length > 0 && { policy }),
  };
  const others = [
    who.kind === 'person' && who.member !== undefined ? memberAgent(who.member) : undefined,
    who.organisation === undefined ? undefined : organisationAgent(who.organisation),
  ];
  return [asker, ...others.filter((agent) => agent !== undefined)];
}

function identityOf({ kind, issuer, subject, member }: AuditWho) {
  if (subject !== undefined) {
    return { who: { identifier: { ...(issuer !== undefined && { system: issuer }), value: subject } } };
  }
  if (kind === 'member' && member !== undefined) return { who: memberReference(member) };
  return { altId: kind };
}

function roleOf({ kind }: AuditWho): Coding {
  const isMachine = kind === 'machine' || kind === 'member';
  return isMachine
    ? dicom('110153', 'Source Role ID')
    : { system: `${TERMINOLOGY}/extra-security-role-type`, code: 'humanuser', display: 'human user' };
}

function memberAgent(member: string) {
  return {
    type: { coding: [dicom('110153', 'Source Role ID')] },
    who: memberReference(member),
    requestor: false,
  };
}

function memberReference(member: string) {
  return { identifier: { system: 'urn:federome:node', value: member } };
}

function organisationAgent(organisation: string) {
  return {
    type: { coding: [{ system: `${TERMINOLOGY}/v3-RoleClass`, code: 'AFFL', display: 'affiliate' }] },
    who: { identifier: { value: organisation } },
    requestor: false,
  };
}

function entitiesOf(event: AuditEvent, nodeId: string) {
  const detail = detailsOf(event);
  const type = { system: `${TERMINOLOGY}/audit-entity-type`, code: '2', display: 'System Object' };
  const role = { system: `${TERMINOLOGY}/object-role`, code: '24', display: 'Query' };
  if (event.datasets.length === 0) return [{ type, role, detail }];
  return event.datasets.map((dataset) => ({
    what: { identifier: { system: `urn:federome:${nodeId}:dataset`, value: dataset } },
    type,
    role,
    detail,
  }));
}

function detailsOf({ level, answer, ledgerIndex }: AuditEvent) {
  const details: Readonly<Record<string, string | undefined>> = {
    level,
    answerCount: answer === undefined ? undefined : String(answer.count),
    answerRecords: answer === undefined ? undefined : String(answer.records),
    suppressed: answer === undefined ? undefined : String(answer.suppressed),
    ledgerIndex: ledgerIndex === undefined ? undefined : String(ledgerIndex),
  };
  return Object.entries(details).flatMap(([name, value]) =>
    value === undefined ? [] : [{ type: name, valueString: value }],
  );
}
