import type { BeaconInfo, Fetch } from '@federome/client';
import { isCountry } from '../../countries.ts';
import { NodeError } from '../../errors.ts';
import type { MemberRow, RecordStore } from '../../stores/records/records.ts';

export type DirectoryStore = Pick<RecordStore, 'members' | 'putMember' | 'removeMember'>;

export interface AddMemberOptions {
  /** ISO 3166-1 alpha-2, of a Beacon that does not state its country; one that states another is refused. */
  readonly country?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly fetch?: Fetch | undefined;
  readonly now?: (() => Date) | undefined;
}

/**
 * Asks a Beacon who it is and enters it in the directory. Throws `node/member-exists` where the directory has that
 * Beacon or its address, `node/member-refused` where it does not answer, gives no `/info` of a Beacon, is a hub, or
 * states no country or another one than `options.country`. Nothing is written then.
 */
export async function addMember(
  store: DirectoryStore,
  url: string,
  options: AddMemberOptions = {},
): Promise<MemberRow> {
  const { info, href } = await introduce(url, options);
  const country = countryOf(info, href, options.country);
  if (info.role === 'hub') {
    throw refused(href, 'it is a hub: people would be counted twice through it');
  }
  for (const member of await store.members()) {
    if (member.id === info.id || member.url === href) {
      throw new NodeError(
        'node/member-exists',
        `${href}: '${info.id}' is a member already, at ${member.url}`,
      );
    }
  }
  const addedAt = (options.now?.() ?? new Date()).toISOString();
  const row: MemberRow = { id: info.id, url: href, name: info.name, country, addedAt };
  await store.putMember(row);
  return row;
}

/** Takes a member out of the directory, by id or address. Throws `node/unknown-member`. */
export async function removeMember(store: DirectoryStore, idOrUrl: string): Promise<MemberRow> {
  const href = URL.canParse(idOrUrl) ? withSlash(new URL(idOrUrl).href) : undefined;
  const found = (await store.members()).find((member) => member.id === idOrUrl || member.url === href);
  if (found === undefined) {
    throw new NodeError(
      'node/unknown-member',
      `'${idOrUrl}' is no member: expected an id or address of the directory`,
    );
  }
  await store.removeMember(found.id);
  return found;
}

async function introduce(
  url: string,
  options: AddMemberOptions,
): Promise<{ info: BeaconInfo; href: string }> {
  const { BeaconClient, ClientError } = await import('@federome/client');
  try {
    const beacon = new BeaconClient(url, { fetch: options.fetch, timeoutMs: options.timeoutMs ?? 10_000 });
    return { info: await beacon.info(), href: beacon.url.href };
  } catch (error) {
    if (error instanceof ClientError) throw refused(url, `it ${error.message} [${error.code}]`, error);
    throw error;
  }
}

function countryOf(info: BeaconInfo, href: string, expected: string | undefined): string {
  const wanted = expected?.toUpperCase();
  const country = info.country ?? wanted;
  if (country === undefined) {
    throw refused(href, 'it does not state its country, as no Beacon but ours does: give it with --country');
  }
  if (!isCountry(country)) {
    throw refused(
      href,
      `its country '${country.slice(0, 20)}' is not an ISO 3166-1 alpha-2 code such as EE or ES`,
    );
  }
  if (wanted !== undefined && country !== wanted) {
    throw refused(href, `it says that it is of country '${country}', not '${wanted}'`);
  }
  return country;
}

function refused(url: string, why: string, cause?: unknown): NodeError {
  return new NodeError('node/member-refused', `${url} does not become a member: ${why}`, { cause });
}

function withSlash(href: string): string {
  return href.endsWith('/') ? href : `${href}/`;
}
