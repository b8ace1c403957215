import {
  type Change,
  claims,
  estonianVisa,
  finnishVisa,
  header,
  linkVisa,
  memberSign,
  nodeVisa,
  passport,
  remsVisa,
  visa,
} from './builder.ts';
import { later, type NegativeCase, ofVisa, ofVisas } from './cases.ts';
import {
  ALICE,
  BROKER,
  EE,
  es256,
  FI,
  HUB,
  hs256,
  KOBLITZ,
  P384,
  REMS_JKU,
  START_S,
  STRANGER,
  unsigned,
  type World,
} from './world.ts';

const pem = async (world: World) => JSON.stringify((await world.fi.signingKeys('visa'))[0]?.publicKey);
const twice = (text: string, member: string) => text.replace('{', `{${member},`);
const lastLetter = (token: string) => {
  // The last letter of 64 bytes holds two bits only: one more says the same bytes otherwise.
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + letters[letters.indexOf(token.at(-1) ?? '') + 1];
};

/** Form and header. */
const FORM: readonly NegativeCase[] = [
  ofVisa(['V01', 'algorithm `none`, no signature', 'form', 'not-compact'], {
    ...header({ alg: 'none' }),
    sign: unsigned,
  }),
  ofVisa(
    ['V02', 'algorithm `none`, with the signature left on', 'header', 'unsupported-algorithm'],
    header({ alg: 'none' }),
  ),
  ofVisa(
    ['V03', 'HS256 with the public key as its secret', 'header', 'unsupported-algorithm'],
    async (world) => ({ ...header({ alg: 'HS256' }), sign: hs256(await pem(world)) }),
  ),
  ofVisa(['V04', 'ES256K', 'header', 'unsupported-algorithm'], {
    ...header({ alg: 'ES256K' }),
    sign: es256(KOBLITZ.privateKey),
  }),
  ofVisa(['V05', 'PS256', 'header', 'unsupported-algorithm'], header({ alg: 'PS256' })),
  ofVisa(['V06', '`alg` as a list', 'header', 'unsupported-algorithm'], header({ alg: ['ES256'] })),
  ofVisa(['V07', 'no `typ`', 'header', 'wrong-type'], header({ typ: undefined })),
  ofVisa(
    ['V08', 'the typ `JWT` from a member of the network', 'header', 'wrong-type'],
    header({ typ: 'JWT' }),
  ),
  ofVisa(['V09', 'the typ of an access token', 'header', 'wrong-type'], header({ typ: 'at+jwt' })),
  ofVisa(['V10', 'no `kid`', 'header', 'missing-kid'], header({ kid: undefined })),
  ofVisa(['V11', '`kid` as a number', 'header', 'malformed-header'], header({ kid: 7 })),
  ofVisa(['V12', 'a `crit` header', 'header', 'critical-header'], header({ crit: ['exp'] })),
  ofVisa(['V13', '`b64` false', 'header', 'critical-header'], header({ b64: false })),
  ofVisa(['V14', 'a fourth part', 'form', 'not-compact'], { token: (token) => `${token}.AAAA` }),
  ofVisa(['V15', 'JWS JSON serialisation', 'form', 'not-compact'], {
    token: (token) => jsonSerialisation(token),
  }),
  ofVisa(['V16', 'base64url with padding', 'form', 'not-canonical'], { token: (token) => `${token}==` }),
  ofVisa(['V17', 'base64url with bits left over', 'form', 'not-canonical'], { token: lastLetter }),
  ofVisa(['V18', 'a line break in the token', 'form', 'not-canonical'], { token: (token) => `${token}\n` }),
  ofVisa(['V19', 'a member of the header twice', 'form', 'duplicate-member'], {
    headerText: (text) => twice(text, '"alg":"none"'),
  }),
  ofVisa(['V20', 'a claim twice', 'form', 'duplicate-member'], {
    claimsText: (text) => twice(text, '"sub":"mallory"'),
  }),
  ofVisa(['V21', 'a member of `ga4gh_visa_v1` twice, once with an escape', 'form', 'duplicate-member'], {
    claimsText: (text) => text.replace('"by":', '"b\\u0079":"self","by":'),
  }),
  ofVisa(['V22', 'claims that are a list', 'form', 'not-json'], { claimsText: (text) => `[${text}]` }),
  ofVisa(['V23', 'NaN as a number', 'form', 'not-json'], {
    claimsText: (text) => text.replace(/"exp":\d+/, '"exp":NaN'),
  }),
  ofVisa(['V24', 'an infinite number', 'form', 'not-json'], {
    claimsText: (text) => text.replace(/"exp":\d+/, '"exp":1e999'),
  }),
  ofVisa(['V25', 'JSON with something after it', 'form', 'not-json'], { claimsText: (text) => `${text}{}` }),
  ofVisa(
    ['V26', 'JSON of more than ten levels', 'form', 'too-deep'],
    claims({ extra: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) }),
  ),
  ofVisa(
    ['V27', 'a token of more than 16,384 characters', 'form', 'too-long'],
    claims({ extra: 'x'.repeat(20_000) }),
  ),
];

/** Claims. */
const CLAIMS: readonly NegativeCase[] = [
  ofVisa(['V28', 'no `exp`', 'claims', 'missing-claim'], claims({ exp: undefined })),
  ofVisa(['V29', 'no `iat`', 'claims', 'missing-claim'], claims({ iat: undefined })),
  ofVisa(['V30', 'no `jti`: it could not be revoked', 'claims', 'missing-claim'], claims({ jti: undefined })),
  ofVisa(['V31', '`exp` as a text', 'claims', 'malformed-claim'], claims({ exp: String(START_S + 900) })),
  ofVisa(['V32', '`sub` as a list', 'claims', 'malformed-claim'], claims({ sub: ['alice', 'mallory'] })),
  ofVisa(['V33', 'an empty `sub`', 'claims', 'malformed-claim'], claims({ sub: '' })),
  ofVisa(
    ['V34', '`sub` of more than 255 characters', 'claims', 'too-long'],
    claims({ sub: 'a'.repeat(256) }),
  ),
  ofVisa(['V35', 'no `ga4gh_visa_v1`', 'claims', 'missing-claim'], claims({ ga4gh_visa_v1: undefined })),
  ofVisa(['V36', '`ga4gh_visa_v1` as a list', 'claims', 'malformed-claim'], claims({ ga4gh_visa_v1: [] })),
  ofVisa(
    ['V37', 'a type that Passport 1.2 does not have', 'claims', 'unknown-visa-type'],
    visa({ type: 'controlledaccessgrants' }),
  ),
  ofVisa(['V38', 'no `source`', 'claims', 'missing-claim'], visa({ source: undefined })),
  ofVisa(
    ['V39', '`value` of more than 255 characters', 'claims', 'too-long'],
    visa({ value: `urn:${'x'.repeat(255)}` }),
  ),
  ofVisa(['V40', '`asserted` as a text', 'claims', 'malformed-claim'], visa({ asserted: '2026-01-01' })),
  ofVisa(['V41', '`by` that Passport 1.2 does not have', 'claims', 'malformed-claim'], visa({ by: 'DAC' })),
  ofVisa(
    ['V42', 'a control character in `value`', 'claims', 'malformed-claim'],
    visa({ value: 'urn:federome:fi.node:dataset:bio\u0000bank' }),
  ),
];

/** Issuer, key and signature. */
const KEYS: readonly NegativeCase[] = [
  ofVisa(
    ['V43', 'an issuer whom nobody trusts', 'issuer', 'untrusted-issuer'],
    claims({ iss: 'https://evil.example/' }),
  ),
  ofVisa(
    ['V44', 'the issuer’s name without its slash', 'issuer', 'untrusted-issuer'],
    claims({ iss: 'https://fi.example' }),
  ),
  ofVisa(['V45', 'no `jku`', 'issuer', 'missing-jku'], header({ jku: undefined })),
  ofVisa(
    ['V46', 'a `jku` that is on no list', 'issuer', 'wrong-jku'],
    header({ jku: 'https://evil.example/jwks.json' }),
  ),
  ofVisa(['V47', 'the `jku` of another trusted issuer', 'issuer', 'wrong-jku'], header({ jku: REMS_JKU })),
  ofVisa(
    ['V48', 'a `kid` that the directory does not have', 'key', 'unknown-key'],
    header({ kid: 'nobody' }),
  ),
  ofVisa(['V49', 'the key of another member', 'key', 'unknown-key'], async (world) => ({
    ...header({ kid: (await world.ee.signingKeys('visa'))[0]?.id }),
    sign: memberSign(world.ee, 'visa'),
  })),
  ofVisa(
    ['V50', 'the member’s own key for another purpose (identity)', 'key', 'unknown-key'],
    async (world) => ({
      ...header({ kid: (await world.fi.signingKeys('identity'))[0]?.id }),
      sign: memberSign(world.fi, 'identity'),
    }),
  ),
  ofVisa(['V51', 'RS256 named over a key for ES256', 'key', 'wrong-key-kind'], header({ alg: 'RS256' })),
  ofVisa(['V52', 'signed by a stranger with the member’s `kid`', 'signature', 'bad-signature'], {
    sign: es256(STRANGER.privateKey),
  }),
  ofVisa(['V53', 'a `jwk` brought along in the header: it is not looked at', 'signature', 'bad-signature'], {
    ...header({ jwk: STRANGER.publicKey.export({ format: 'jwk' }) }),
    sign: es256(STRANGER.privateKey),
  }),
  ofVisa(['V54', 'an `x5c` and `x5u` brought along: they are not looked at', 'signature', 'bad-signature'], {
    ...header({ x5c: ['MIIB'], x5u: 'https://evil.example/' }),
    sign: es256(STRANGER.privateKey),
  }),
  ofVisa(['V55', 'claims changed after signing', 'signature', 'bad-signature'], {
    token: (token) => tampered(token),
  }),
  ofVisa(['V56', 'a signature in DER', 'signature', 'bad-signature'], { sign: () => Buffer.alloc(70, 1) }),
  ofVisa(['V57', 'a signature of zeros', 'signature', 'bad-signature'], { sign: () => Buffer.alloc(64) }),
  later(
    ['V58', 'the key was rotated out of the directory', 'key', 'unknown-key'],
    finnishVisa,
    async (world) => {
      const [old] = await world.fi.signingKeys('visa');
      await world.fi.rotate('visa', new Date(0));
      await world.fi.retire(old!.id);
      await world.publish();
    },
  ),
  link(['V59', 'a key of the wrong curve in an outside key set', 'key', 'wrong-key-kind'], {
    ...header({ kid: 'p384' }),
    sign: es256(P384.privateKey),
  }),
  link(['V60', 'an outside key that is for encryption', 'key', 'wrong-key-kind'], header({ kid: 'enc' })),
  link(['V61', 'two outside keys of one name', 'key', 'unknown-key'], header({ kid: 'twice' })),
  link(['V62', 'an outside key that is in no key set', 'key', 'unknown-key'], header({ kid: 'none' })),
];

/** Time. */
const TIME: readonly NegativeCase[] = [
  ofVisa(['V63', 'expired a second ago', 'time', 'expired'], claims({ exp: START_S - 1 })),
  ofVisa(['V64', 'expires this very second', 'time', 'expired'], claims({ exp: START_S })),
  ofVisa(
    ['V65', 'issued more than 60 s in the future', 'time', 'issued-in-future'],
    claims({ iat: START_S + 61, exp: START_S + 900 }),
  ),
  ofVisa(
    ['V66', '`nbf` more than 60 s in the future', 'time', 'not-yet-valid'],
    claims({ nbf: START_S + 61 }),
  ),
  ofVisa(
    ['V67', 'issued more than an hour ago, however long it says it lives', 'time', 'too-old'],
    claims({ iat: START_S - 3_600, exp: START_S + 31_557_600 }),
  ),
];

/** What the issuer may say. */
const ASSERTION: readonly NegativeCase[] = [
  ofVisa(
    ['V68', 'a link of identities by another member', 'assertion', 'type-not-allowed'],
    visa({ type: 'LinkedIdentities', value: `bob,${encodeURIComponent(BROKER)}`, by: 'system' }),
  ),
  ofVisa(
    ['V69', 'another member’s data', 'assertion', 'not-the-holder'],
    visa({ value: 'urn:federome:ee.node:dataset:biobank' }),
  ),
  ofVisa(
    ['V70', 'the dataset in another case', 'assertion', 'not-the-holder'],
    visa({ value: 'urn:federome:FI.node:dataset:biobank' }),
  ),
  ofVisa(
    ['V71', 'the dataset with a slash at its end', 'assertion', 'not-the-holder'],
    visa({ value: 'urn:federome:fi.node:dataset:biobank/' }),
  ),
  ofVisa(
    ['V72', 'the dataset as a URL with userinfo', 'assertion', 'not-the-holder'],
    visa({ value: 'https://fi.example@evil.example/datasets/biobank' }),
  ),
  ofVisa(['V73', 'no `by`', 'assertion', 'missing-by'], visa({ by: undefined })),
  ofVisa(['V74', 'access asserted by the person', 'assertion', 'untrusted-by'], visa({ by: 'self' })),
  ofVisa(
    ['V75', 'a researcher’s status by a peer', 'assertion', 'untrusted-by'],
    visa({ type: 'ResearcherStatus', value: 'https://doi.org/10.1038/s41431-018-0219-y', by: 'peer' }),
  ),
  ofVisa(
    ['V76', 'a source for which the issuer does not speak', 'assertion', 'untrusted-source'],
    visa({ source: 'https://university.example/' }),
  ),
  ofVisa(
    ['V77', 'the source in another case', 'assertion', 'untrusted-source'],
    visa({ source: 'https://FI.example/' }),
  ),
  ofVisa(
    ['V78', 'asserted more than 60 s in the future', 'assertion', 'asserted-in-future'],
    visa({ asserted: START_S + 61 }),
  ),
  ofVisa(
    ['V79', 'a member’s visa that does not say whose subject it is about', 'assertion', 'missing-claim'],
    claims({ federome_subject_issuer: undefined }),
  ),
  ofVisas(
    [
      'V80',
      'this node’s data, signed with the hub’s own key for visas in the hub’s name',
      'issuer',
      'untrusted-issuer',
    ],
    async (world) => ({
      whole: [await estonianVisa(world)],
      broken: [await nodeVisa(world, { url: HUB, id: 'ee.node', keys: world.hub })],
    }),
  ),
  ofVisas(
    ['V81', 'this node’s data, signed with the hub’s key in this node’s name', 'key', 'unknown-key'],
    async (world) => ({
      whole: [await estonianVisa(world)],
      broken: [await nodeVisa(world, { url: EE, id: 'ee.node', keys: world.hub }, {}, 'ee-grant.1')],
    }),
  ),
  ofVisas(
    [
      'V82',
      'this node’s data, signed with the hub’s key under this node’s `kid`',
      'signature',
      'bad-signature',
    ],
    async (world) => ({
      whole: [await estonianVisa(world)],
      broken: [await estonianVisa(world, { sign: memberSign(world.hub, 'visa') })],
    }),
  ),
  ofVisas(
    [
      'V83',
      'this node’s data, granted by an outside service that is trusted for grants',
      'assertion',
      'not-the-holder',
    ],
    async (world) => ({
      whole: [await linked(world, remsVisa(world))].flat(),
      broken: [
        await linked(world, remsVisa(world, visa({ value: 'urn:federome:ee.node:dataset:biobank' }))),
      ].flat(),
    }),
  ),
];

/** Revocation. */
const REVOCATION: readonly NegativeCase[] = [
  later(['V84', 'revoked by its issuer', 'revocation', 'revoked'], finnishVisa, async (world) => {
    world.revoked.push('fi.node-grant');
    await world.watch.poll();
  }),
  later(
    ['V85', 'revoked, and told by the issuer itself before the next reading', 'revocation', 'revoked'],
    finnishVisa,
    async (world) => {
      world.revoked.push('fi.node-grant');
      await world.watch.receive('fi.node', await world.feed());
    },
  ),
  later(
    [
      'V86',
      'the issuer’s revocations could not be read for longer than the bound',
      'revocation',
      'revocation-unknown',
    ],
    finnishVisa,
    async (world) => {
      world.finnishWire = 'cut';
      world.nowS += 50;
      await world.watch.poll();
    },
  ),
  later(
    ['V87', 'the issuer forgot revocations that it had told', 'revocation', 'revocation-unknown'],
    finnishVisa,
    async (world) => {
      world.finnishSequence = 5;
      await world.watch.poll();
      world.finnishSequence = 4;
      world.nowS += 50;
      await world.watch.poll();
    },
  ),
  later(
    ['V88', 'the grant of this node is revoked', 'revocation', 'revoked'],
    (world) => estonianVisa(world, {}, 'revoked-grant'),
    async (world) => {
      const at = new Date(world.nowS * 1_000).toISOString();
      await world.grants.revoke('revoked-grant', { at, by: ALICE, reason: 'misuse' });
    },
  ),
  ofVisas(
    ['V89', 'this node’s own signature over what it never granted', 'revocation', 'revoked'],
    async (world) => ({
      whole: [await estonianVisa(world)],
      broken: [await estonianVisa(world, claims({ jti: 'no-grant.1' }))],
    }),
  ),
];

/** Whose it is. */
const SUBJECT: readonly NegativeCase[] = [
  ofVisa(['V90', 'somebody else’s visa', 'subject', 'unlinked-subject'], claims({ sub: 'mallory' })),
  ofVisa(
    ['V91', 'the same subject at another identity provider', 'subject', 'unlinked-subject'],
    claims({ federome_subject_issuer: 'https://other.example/' }),
  ),
  ofVisa(['V92', 'the subject in another case', 'subject', 'unlinked-subject'], claims({ sub: 'Alice' })),
  linkedCase(
    ['V93', 'linked by a service that is not trusted for links', 'subject', 'unlinked-subject'],
    (world, value) => remsVisa(world, visa({ type: 'LinkedIdentities', value, by: 'system' })),
  ),
  linkedCase(
    ['V94', 'linked for a source for which the service does not speak', 'subject', 'unlinked-subject'],
    (world, value) => linkVisa(world, value, visa({ source: FI })),
  ),
  linkedCase(['V95', 'linked by the person', 'subject', 'unlinked-subject'], (world, value) =>
    linkVisa(world, value, visa({ by: 'self' })),
  ),
  linkedCase(['V96', 'linked to another subject', 'subject', 'unlinked-subject'], (world) =>
    linkVisa(world, pair('carol', BROKER)),
  ),
  linkedCase(['V97', 'subject and issuer of the link exchanged', 'subject', 'unlinked-subject'], (world) =>
    linkVisa(world, pair(BROKER, 'alice2')),
  ),
  linkedCase(
    ['V98', 'the link itself is about somebody else', 'subject', 'unlinked-subject'],
    (world, value) => linkVisa(world, value, claims({ sub: 'mallory' })),
  ),
  link(
    ['V99', 'a link that is not percent-encoded pairs', 'claims', 'malformed-claim'],
    visa({ value: 'alice2;bob' }),
  ),
];

const STATUS = { type: 'ResearcherStatus', value: 'https://doi.org/10.1038/s41431-018-0219-y', by: 'so' };
const ROLE = { type: 'AffiliationAndRole', value: 'faculty@helsinki.example', by: 'system' };
const MET = [[{ type: 'ResearcherStatus', by: 'const:so' }]];

/** Conditions. */
const CONDITIONS: readonly NegativeCase[] = [
  conditional(
    ['V100', 'a condition that no visa meets', 'conditions', 'unmet-condition'],
    [[{ type: 'ResearcherStatus', by: 'const:system' }]],
  ),
  conditional(
    ['V101', 'a clause that two visas meet only together', 'conditions', 'unmet-condition'],
    [[{ type: 'ResearcherStatus', by: 'const:so', value: 'pattern:faculty@*' }]],
  ),
  conditional(
    ['V102', 'one clause of two is met', 'conditions', 'unmet-condition'],
    [
      [
        { type: 'ResearcherStatus', by: 'const:so' },
        { type: 'AcceptedTermsAndPolicies', by: 'const:self' },
      ],
    ],
  ),
  conditional(
    ['V103', 'a constant in another case', 'conditions', 'unmet-condition'],
    [[{ type: 'AffiliationAndRole', value: 'const:Faculty@helsinki.example' }]],
  ),
  conditional(
    ['V104', 'a pattern that fits a part only', 'conditions', 'unmet-condition'],
    [[{ type: 'AffiliationAndRole', value: 'pattern:faculty@' }]],
  ),
  conditional(
    ['V105', 'a way of matching that is not known', 'claims', 'unsupported-condition'],
    [[{ type: 'ResearcherStatus', by: 'regex:.*' }]],
  ),
  conditional(
    ['V106', 'a clause about a custom type', 'claims', 'unsupported-condition'],
    [[{ type: 'https://custom.example/', by: 'const:so' }]],
  ),
  conditional(
    ['V107', 'a clause about a member that is not known', 'claims', 'unsupported-condition'],
    [[{ type: 'ResearcherStatus', level: 'const:3' }]],
  ),
  conditional(['V108', 'a clause without a type', 'claims', 'malformed-condition'], [[{ by: 'const:so' }]]),
  conditional(
    ['V109', 'a clause that says nothing beyond its type', 'claims', 'malformed-condition'],
    [[{ type: 'ResearcherStatus' }]],
  ),
  conditional(
    ['V110', 'a clause about an instant', 'claims', 'malformed-condition'],
    [[{ type: 'ResearcherStatus', asserted: 'const:1' }]],
  ),
  conditional(
    ['V111', 'a clause with no way of matching', 'claims', 'malformed-condition'],
    [[{ type: 'ResearcherStatus', by: 'so' }]],
  ),
  conditional(['V112', 'conditions that are an object', 'claims', 'malformed-condition'], {
    type: 'ResearcherStatus',
    by: 'const:so',
  }),
  conditional(['V113', 'an empty list of clauses', 'claims', 'malformed-condition'], [[]]),
  ofVisas(
    ['V114', 'met only by a visa that has conditions itself', 'conditions', 'unmet-condition'],
    async (world) => {
      const status = await finnishVisa(
        world,
        visa({ ...STATUS, conditions: [[{ type: 'AffiliationAndRole', by: 'const:system' }]] }),
      );
      const [access, , role] = await access3(world, MET);
      return { whole: await access3(world, MET), broken: [access, status, role] };
    },
  ),
  ofVisas(['V115', 'met only by somebody else’s visa', 'conditions', 'unmet-condition'], async (world) => {
    const status = await finnishVisa(world, {
      claims: (all) => ({ ...(visa(STATUS).claims?.(all) ?? all), sub: 'mallory' }),
    });
    const [access, , role] = await access3(world, MET);
    return { whole: await access3(world, MET), broken: [access, status, role] };
  }),
  ofVisas(['V116', 'met only by a visa that is refused', 'conditions', 'unmet-condition'], async (world) => {
    const status = await finnishVisa(world, { ...visa(STATUS), sign: es256(STRANGER.privateKey) });
    const [access, , role] = await access3(world, MET);
    return { whole: await access3(world, MET), broken: [access, status, role] };
  }),
];

/** Other tokens in the place of a visa. */
const OTHERS: readonly NegativeCase[] = [
  ofVisas(['V117', 'a passport in a passport', 'header', 'wrong-type'], async (world) => ({
    whole: [await finnishVisa(world)],
    broken: [await passport(world, [])],
  })),
  ofVisas(['V118', 'a revocation feed as a visa', 'header', 'wrong-type'], async (world) => ({
    whole: [await finnishVisa(world)],
    broken: [await world.feed()],
  })),
  later(['V119', 'the issuer has left the network', 'issuer', 'untrusted-issuer'], finnishVisa, (world) => {
    world.directory = {
      ...world.directory!,
      members: world.directory!.members.filter(({ id }) => id !== 'fi.node'),
    };
  }),
];

export const VISA_CASES: readonly NegativeCase[] = [
  ...FORM,
  ...CLAIMS,
  ...KEYS,
  ...TIME,
  ...ASSERTION,
  ...REVOCATION,
  ...SUBJECT,
  ...CONDITIONS,
  ...OTHERS,
];

type Row = Parameters<typeof ofVisas>[0];

/** A defect of a visa of an outside service that is trusted for links. */
function link(row: Row, change: Change): NegativeCase {
  return ofVisas(row, async (world) => ({
    whole: [await linkVisa(world, pair('alice2', BROKER))],
    broken: [await linkVisa(world, pair('alice2', BROKER), change)],
  }));
}

/** A visa of Alice’s other identity, and a link that does not hold. */
function linkedCase(row: Row, broken: (world: World, value: string) => Promise<string>): NegativeCase {
  return ofVisas(row, async (world) => {
    const other = await finnishVisa(world, claims({ sub: 'alice2' }));
    const value = pair('alice2', BROKER);
    return { whole: [other, await linkVisa(world, value)], broken: [other, await broken(world, value)] };
  });
}

/** A visa of REMS with the link from its subject to Alice. */
async function linked(world: World, rems: Promise<string>): Promise<readonly string[]> {
  return [await rems, await linkVisa(world, pair('abcd@ls.example', 'https://login.ls.example/oidc/'))];
}

/** A visa with conditions, beside a researcher’s status and a role. */
function conditional(row: Row, conditions: unknown): NegativeCase {
  return ofVisas(row, async (world) => ({
    whole: await access3(world, MET),
    broken: await access3(world, conditions),
  }));
}

async function access3(world: World, conditions: unknown): Promise<readonly [string, string, string]> {
  return [
    await finnishVisa(world, visa({ conditions })),
    await finnishVisa(world, visa(STATUS)),
    await finnishVisa(world, visa(ROLE)),
  ];
}

function pair(subject: string, issuer: string): string {
  return `${encodeURIComponent(subject)},${encodeURIComponent(issuer)}`;
}

function tampered(token: string): string {
  const [head, body = '', signature] = token.split('.');
  const text = Buffer.from(body, 'base64url').toString().replace('biobank', 'biobanc');
  return [head, Buffer.from(text).toString('base64url'), signature].join('.');
}

function jsonSerialisation(token: string): string {
  const [protectedHeader, payload, signature] = token.split('.');
  return JSON.stringify({ payload, protected: protectedHeader, signature });
}
