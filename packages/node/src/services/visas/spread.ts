import type { Fetch } from '@federome/client';
import type { Identity, Members } from '@federome/core';

export interface SpreadPorts {
  readonly self: string;
  readonly members: Members;
  /** A `fetch` that signs the request to a member, and believes only what that member signed. */
  readonly fetchFor: (member: string) => Fetch;
  /** How long a member may take; 5 s by default. */
  readonly timeoutMs?: number | undefined;
}

/** Visas of a person from everywhere, and who could not be asked. */
export interface CollectedVisas {
  readonly visas: readonly string[];
  readonly unreachable: readonly string[];
}

const TIMEOUT_MS = 5_000;
const MAXIMUM_ANSWER_BYTES = 1_000_000;

/** Asks every other node for the visas of a person, all at once: for a broker that makes a passport of them. */
export async function collectVisas(identity: Identity, ports: SpreadPorts): Promise<CollectedVisas> {
  const answers = await toEach(ports, async (member, url) => {
    const value = await post(ports, member, `${url}visas`, { identity });
    if (!isVisaAnswer(value)) throw new TypeError('no list of visas');
    return value.visas;
  });
  return {
    visas: answers.flatMap(({ value }) => value ?? []),
    unreachable: answers.filter(({ value }) => value === undefined).map(({ member }) => member),
  };
}

/** Brings a feed to every other member at once; whoever is not reached reads it by themselves. */
export async function pushFeed(feed: string, ports: SpreadPorts): Promise<void> {
  await toEach(ports, async (member, url) => {
    await post(ports, member, `${url}visas/revocations`, { feed });
    return true;
  });
}

async function toEach<T>(ports: SpreadPorts, work: (member: string, url: string) => Promise<T>) {
  const { members } = await ports.members.current();
  const others = members.filter(({ id, role }) => role === 'node' && id !== ports.self);
  return await Promise.all(
    others.map(async ({ id, url }) => {
      try {
        return { member: id, value: await work(id, url) };
      } catch {
        return { member: id, value: undefined };
      }
    }),
  );
}

async function post(ports: SpreadPorts, member: string, url: string, body: object): Promise<unknown> {
  const response = await ports.fetchFor(member)(url, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ports.timeoutMs ?? TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok || text.length > MAXIMUM_ANSWER_BYTES) throw new TypeError('refused');
  return JSON.parse(text);
}

function isVisaAnswer(value: unknown): value is { readonly visas: readonly string[] } {
  if (typeof value !== 'object' || value === null || !('visas' in value)) return false;
  return Array.isArray(value.visas) && value.visas.every((visa) => typeof visa === 'string');
}
