import { assertAtLeastFloor, CodedError, isMemberUrl, type SelfCheck } from '@federome/core';
import type { MemberIdentity } from './joining.ts';
import { CLOCK_TOLERANCE_MS, type DirectoryPorts, MEMBER_KEY_PURPOSES } from './ports.ts';

export interface SelfCheckPorts extends Pick<DirectoryPorts, 'keys' | 'now' | 'peerAt'> {
  readonly identity: MemberIdentity;
  /** Opens every dataset; says what there is, or throws. */
  readonly openStores: () => Promise<string>;
  /** What the Beacon at an address calls itself. */
  readonly idAt: (url: string) => Promise<string>;
}

export interface SelfCheckOptions {
  readonly url: string;
  readonly dpia: string;
  /** A member whose clock ours is compared with; of a founder nobody's. */
  readonly inviter?: string | undefined;
}

/** What a node looks at before it asks to come in, in this order; each check stands in its request. */
export async function selfCheck(
  ports: SelfCheckPorts,
  options: SelfCheckOptions,
): Promise<readonly SelfCheck[]> {
  const { identity } = ports;
  const checks: readonly (readonly [string, () => Promise<string>])[] = [
    ['records and stores open', ports.openStores],
    ['policy at least the floor of the network', async () => policyOf(identity)],
    ['address with TLS', async () => addressOf(options.url)],
    ['address answers as this node', () => answersAs(ports, options.url)],
    ['clock', () => clockOf(ports, options.inviter)],
    ['keys of every purpose', () => keysOf(ports)],
    ['data protection impact assessment', async () => dpiaOf(options.dpia)],
  ];
  const results: SelfCheck[] = [];
  for (const [name, check] of checks) results.push(await resultOf(name, check));
  return results;
}

async function resultOf(name: string, check: () => Promise<string>): Promise<SelfCheck> {
  try {
    return { name, passed: true, detail: await check() };
  } catch (error) {
    if (error instanceof CodedError) {
      return { name, passed: false, detail: `${error.publicMessage} [${error.code}]`.slice(0, 500) };
    }
    if (error instanceof CheckFailed) return { name, passed: false, detail: error.message };
    throw error;
  }
}

class CheckFailed extends Error {}

function policyOf({ disclosure }: MemberIdentity): string {
  assertAtLeastFloor(disclosure);
  return `counts from ${disclosure.countThreshold}`;
}

function addressOf(url: string): string {
  if (!isMemberUrl(url)) throw new CheckFailed('expected an https address (http on loopback only)');
  return url.startsWith('https:') ? 'https' : 'loopback';
}

async function answersAs({ idAt, identity }: SelfCheckPorts, url: string): Promise<string> {
  const id = await idAt(url);
  if (id !== identity.id) throw new CheckFailed(`'${id.slice(0, 100)}' answers there, not '${identity.id}'`);
  return `'${id}' answers`;
}

async function clockOf({ now, peerAt }: SelfCheckPorts, inviter: string | undefined): Promise<string> {
  if (inviter === undefined) return 'there is nobody yet to compare with';
  const { at } = await peerAt(inviter).chain(Number.MAX_SAFE_INTEGER);
  const apartMs = Math.abs(now().getTime() - Date.parse(at));
  const seconds = `${Math.round(apartMs / 1_000)} s apart from ${inviter}`;
  if (apartMs > CLOCK_TOLERANCE_MS) throw new CheckFailed(seconds);
  return seconds;
}

async function keysOf({ keys }: SelfCheckPorts): Promise<string> {
  const found = await Promise.all(MEMBER_KEY_PURPOSES.map((purpose) => keys.signingKeys(purpose)));
  const missing = MEMBER_KEY_PURPOSES.filter((_, at) => found[at]?.length === 0);
  if (missing.length > 0) throw new CheckFailed(`none of purpose ${missing.join(', ')}`);
  return MEMBER_KEY_PURPOSES.join(', ');
}

function dpiaOf(dpia: string): string {
  if (dpia.trim() === '') throw new CheckFailed('its reference is missing');
  return dpia;
}
