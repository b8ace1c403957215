import type { AcceptedVisa } from '../visas/accepted-visa.ts';
import type { Purpose } from './purpose.ts';
import type { Requester } from './requester.ts';

/** How far somebody is let in, from the least; Beacon v2 `securityLevels`. */
export const ACCESS_LEVELS = ['public', 'registered', 'controlled'] as const;
/** See `ACCESS_LEVELS`. */
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** What whoever asks brings along: who they are, what for, and what a hub passes on to its members in their name. */
export interface Asker {
  readonly requester: Requester;
  readonly purpose?: Purpose | undefined;
  /** The bearer's passport (GA4GH AAI 1.2), to be passed on and nothing else: it is kept nowhere. */
  readonly passport?: string | undefined;
}

/** Whoever did not say who they are. */
export const ANONYMOUS_ASKER: Asker = { requester: { kind: 'anonymous' } };

/** How far somebody is let into one dataset, and by which permit. */
export interface Access {
  readonly level: AccessLevel;
  /** Ids of the visas that open it; none at the public level or by a role. */
  readonly permits: readonly string[];
  /** Holds a grant that does not count because no purpose was stated. */
  readonly lacksPurpose: boolean;
}

/**
 * How grants name a dataset of a node, wherever it is served: `urn:federome:ee.node:dataset:biobank`. Both ids are of the
 * network, so that a grant for another node's dataset of the same id opens nothing here.
 */
export function datasetUrl(node: string, dataset: string): string {
  return `urn:federome:${node}:dataset:${dataset}`;
}

const PUBLIC: Access = { level: 'public', permits: [], lacksPurpose: false };
/** Who may say that somebody has a grant or is a researcher: never the person, nor a colleague. */
const AUTHORITIES: ReadonlySet<string> = new Set(['so', 'dac', 'system']);

/**
 * How far whoever asks is let into the dataset of a URL at an instant. `controlled` takes a grant for that very dataset
 * (compared as text; the URL is never fetched) and a stated purpose; `registered` a researcher's status or the role of a
 * data user here. A member on its own behalf is the public: what a person may see, a person has to ask for.
 */
export function accessTo(datasetUrl: string, { requester, purpose }: Asker, now: Date): Access {
  if (requester.kind === 'anonymous' || requester.kind === 'member') return PUBLIC;
  const visas = requester.kind === 'person' ? requester.visas.filter((visa) => counts(visa, now)) : [];
  const grants = visas.filter(({ type, value }) => type === 'ControlledAccessGrants' && value === datasetUrl);
  if (grants.length > 0 && purpose !== undefined) {
    return { level: 'controlled', permits: grants.map(({ id }) => id), lacksPurpose: false };
  }
  const lacksPurpose = grants.length > 0;
  const researcher = visas.filter(({ type }) => type === 'ResearcherStatus');
  if (researcher.length > 0) {
    return { level: 'registered', permits: researcher.map(({ id }) => id), lacksPurpose };
  }
  if (requester.roles.includes('data-user')) return { level: 'registered', permits: [], lacksPurpose };
  return { ...PUBLIC, lacksPurpose };
}

/** The lesser of two levels. */
export function lesserLevel(a: AccessLevel, b: AccessLevel): AccessLevel {
  return ACCESS_LEVELS.indexOf(a) <= ACCESS_LEVELS.indexOf(b) ? a : b;
}

/** The greater of two levels. */
export function greaterLevel(a: AccessLevel, b: AccessLevel): AccessLevel {
  return ACCESS_LEVELS.indexOf(a) >= ACCESS_LEVELS.indexOf(b) ? a : b;
}

function counts({ by, expires }: AcceptedVisa, now: Date): boolean {
  return AUTHORITIES.has(by) && expires * 1_000 > now.getTime();
}
