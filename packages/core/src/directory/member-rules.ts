import { assertAtLeastFloor } from '../disclosure/policy.ts';
import { CoreError } from '../errors.ts';
import type { DirectoryMember, MemberKey, MemberKeyPurpose } from './directory.ts';
import { type DirectoryCrypto, keyThumbprint } from './statements.ts';

const ALGORITHMS: Readonly<Record<MemberKeyPurpose, MemberKey['algorithm']>> = {
  visa: 'ES256',
  identity: 'ES256',
  request: 'Ed25519',
  ledger: 'Ed25519',
  witness: 'Ed25519',
  directory: 'Ed25519',
};
const CURVES = {
  ES256: { kty: 'EC', crv: 'P-256', members: ['crv', 'kty', 'x', 'y'] },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'kty', 'x'] },
} as const;
const MAXIMUM_KEYS = 30;
const MAXIMUM_TEXT = 500;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Throws `core/bad-directory` where a member is not what the directory may hold; the message says in what. */
export function assertMember(member: Omit<DirectoryMember, 'joinedAt'>, crypto: DirectoryCrypto): void {
  const refuse = (why: string) => {
    throw badDirectory(`member '${member.id.slice(0, 100)}': ${why}`);
  };
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(member.id)) refuse('its id is no identifier');
  if (!/^[A-Z]{2}$/.test(member.country)) refuse('its country is no ISO 3166-1 alpha-2 code');
  if (!isText(member.name)) refuse(`its name is no text of 1 to ${MAXIMUM_TEXT} characters in one line`);
  if (!isText(member.dpia)) refuse('the reference of its data protection impact assessment is missing');
  if (!isMemberUrl(member.url)) {
    refuse('its address must be an https URL that ends with a slash (http on a loopback address only)');
  }
  try {
    assertAtLeastFloor(member.floors);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    refuse(cause.message);
  }
  if (member.keys.length > MAXIMUM_KEYS) refuse(`more than ${MAXIMUM_KEYS} keys`);
  if (!member.keys.some(({ purpose }) => purpose === 'directory'))
    refuse('it has no key of purpose directory');
  for (const key of member.keys) {
    if (!isKey(key, crypto)) refuse(`its key ${key.id.slice(0, 50)} is not what its purpose or id says`);
  }
  if (new Set(member.keys.map(({ id }) => id)).size < member.keys.length) refuse('it lists a key twice');
}

/** Throws `core/bad-directory` where members contradict each other, or no node is among them. */
export function assertMembers(members: readonly DirectoryMember[], crypto: DirectoryCrypto): void {
  for (const member of members) assertMember(member, crypto);
  if (!members.some(({ role }) => role === 'node'))
    throw badDirectory('there would be no node in the network');
  assertDistinct(members.map(({ id }) => id));
  assertDistinct(members.map(({ url }) => url));
  assertDistinct(members.flatMap(({ keys }) => keys.map(({ id }) => id)));
}

/** TLS, or a machine talking to itself. */
export function isMemberUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  const plain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return secure && plain && url.href === text && text.endsWith('/');
}

export function badDirectory(why: string): CoreError {
  return new CoreError('core/bad-directory', why);
}

function isKey(key: MemberKey, crypto: DirectoryCrypto): boolean {
  if (ALGORITHMS[key.purpose] !== key.algorithm) return false;
  const { kty, crv, members } = CURVES[key.algorithm];
  if (key.publicKey.kty !== kty || key.publicKey.crv !== crv) return false;
  if (Object.keys(key.publicKey).sort().join() !== members.join()) return false;
  return keyThumbprint(key, crypto) === key.id;
}

function isText(text: string): boolean {
  return text.trim() !== '' && text.length <= MAXIMUM_TEXT && !/\p{Cc}/u.test(text);
}

function assertDistinct(values: readonly string[]): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) throw badDirectory(`'${twice.slice(0, 100)}' would be in the directory twice`);
}
