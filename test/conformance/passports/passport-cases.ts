import { claims, finnishVisa, header, memberSign } from './builder.ts';
import { type NegativeCase, ofPassport } from './cases.ts';
import { BROKER, es256, FI, LS, START_S, STRANGER, unsigned } from './world.ts';

export const PASSPORT_CASES: readonly NegativeCase[] = [
  ofPassport(['P01', 'algorithm `none`, no signature', 'form', 'not-compact'], {
    ...header({ alg: 'none' }),
    sign: unsigned,
  }),
  ofPassport(['P02', 'a member of the header twice', 'form', 'duplicate-member'], {
    headerText: (text) => text.replace('{', '{"alg":"none",'),
  }),
  ofPassport(
    ['P03', 'a passport of more than 262,144 characters', 'form', 'too-long'],
    claims({ extra: 'x'.repeat(300_000) }),
  ),
  ofPassport(['P04', 'a visa as a passport', 'header', 'wrong-type'], async (world) => {
    const visa = await finnishVisa(world);
    return { token: () => visa };
  }),
  ofPassport(['P05', 'an access token as a passport', 'header', 'wrong-type'], header({ typ: 'at+jwt' })),
  ofPassport(['P06', 'the typ `JWT` from a member’s broker', 'header', 'wrong-type'], header({ typ: 'JWT' })),
  ofPassport(['P07', 'no `kid`', 'header', 'missing-kid'], header({ kid: undefined })),
  ofPassport(['P08', 'a `crit` header', 'header', 'critical-header'], header({ crit: ['b64'], b64: true })),
  ofPassport(
    ['P09', 'no `ga4gh_passport_v1`', 'claims', 'missing-claim'],
    claims({ ga4gh_passport_v1: undefined }),
  ),
  ofPassport(
    ['P10', '`ga4gh_passport_v1` as a text', 'claims', 'malformed-claim'],
    claims({ ga4gh_passport_v1: 'visa' }),
  ),
  ofPassport(
    ['P11', 'visas that are objects', 'claims', 'malformed-claim'],
    claims({ ga4gh_passport_v1: [{ payload: '' }] }),
  ),
  ofPassport(
    ['P12', 'more than 100 visas', 'claims', 'too-many-visas'],
    claims({ ga4gh_passport_v1: Array.from({ length: 101 }, () => 'x') }),
  ),
  ofPassport(['P13', 'no `jti`', 'claims', 'missing-claim'], claims({ jti: undefined })),
  ofPassport(
    ['P14', 'a broker whom nobody trusts', 'issuer', 'untrusted-issuer'],
    claims({ iss: 'https://evil.example/oidc' }),
  ),
  ofPassport(
    ['P15', 'a `kid` that the directory does not have', 'key', 'unknown-key'],
    header({ kid: 'nobody' }),
  ),
  ofPassport(['P16', 'signed with the member’s key for visas', 'key', 'unknown-key'], async (world) => ({
    ...header({ kid: (await world.hub.signingKeys('visa'))[0]?.id }),
    sign: memberSign(world.hub, 'visa'),
  })),
  ofPassport(['P17', 'signed by a stranger', 'signature', 'bad-signature'], {
    sign: es256(STRANGER.privateKey),
  }),
  ofPassport(['P18', 'expired', 'time', 'expired'], claims({ exp: START_S })),
  ofPassport(['P19', 'issued in the future', 'time', 'issued-in-future'], claims({ iat: START_S + 61 })),
  ofPassport(['P20', '`nbf` in the future', 'time', 'not-yet-valid'], claims({ nbf: START_S + 61 })),
  ofPassport(['P21', 'no `aud`', 'audience', 'missing-audience'], claims({ aud: undefined })),
  ofPassport(['P22', '`aud` of another member', 'audience', 'wrong-audience'], claims({ aud: FI })),
  ofPassport(
    ['P23', '`aud` without its slash', 'audience', 'wrong-audience'],
    claims({ aud: ['https://ee.example'] }),
  ),
  ofPassport(['P24', '`aud` that holds a number', 'claims', 'malformed-claim'], claims({ aud: [7] })),
  ofPassport(
    ['P25', 'somebody else’s passport in this session', 'session', 'other-subject'],
    claims({ sub: 'mallory' }),
  ),
  ofPassport(
    ['P26', 'a trusted broker’s name over another broker’s key', 'key', 'unknown-key'],
    claims({ iss: LS }),
  ),
  ofPassport(['P27', 'the broker has left the network', 'issuer', 'untrusted-issuer'], {}, (world) => {
    world.directory = {
      ...world.directory!,
      members: world.directory!.members.filter(({ url }) => !BROKER.startsWith(url)),
    };
  }),
  ofPassport(['P28', 'the broker’s key was rotated out', 'key', 'unknown-key'], {}, async (world) => {
    const [old] = await world.hub.signingKeys('identity');
    await world.hub.rotate('identity', new Date(0));
    await world.hub.retire(old!.id);
    await world.publish();
  }),
];
