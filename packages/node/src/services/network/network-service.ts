import type {
  BeaconDataset,
  BeaconQuery,
  Fetch,
  FilteringTerm,
  NetworkAnswer,
  NetworkGene,
  NetworkOverview,
  NetworkQuestion,
  NetworkTerm,
} from '@federome/client';
import { ANONYMOUS_ASKER, type Asker, type DatasetDescription, type DisclosurePolicy } from '@federome/core';
import type { GeneRow, MemberRow } from '../../stores/records/records.ts';
import { answerOf } from './answer.ts';
import { askMember, type MemberOutcome, type MemberQuestion, stateOf } from './ask.ts';
import { type AddMemberOptions, addMember, type DirectoryStore, removeMember } from './directory.ts';
import { knownMembers, type SignedMembers } from './known-members.ts';
import { MEMBER_LIMITS, Member, type MemberLimits } from './member.ts';
import { discloseAgain } from './people.ts';
import { TermIndex } from './terms.ts';

export interface NetworkServiceOptions {
  readonly name: string;
  /** Beacons that the operator listed. */
  readonly store: DirectoryStore;
  /** Where this node is in a network: its members, asked with signed requests. */
  readonly signed?: SignedMembers | undefined;
  readonly genes: { search(prefix: string, limit: number): Promise<readonly GeneRow[]> };
  /** The hub's own policy, applied to what members show as well: the stricter of both holds. */
  readonly disclosure: DisclosurePolicy;
  /** How long a question may take in all; 3 s by default. */
  readonly deadlineMs?: number | undefined;
  readonly limits?: Partial<MemberLimits> | undefined;
  /** How old the union of terms may be before it is renewed behind the answer; 60 s by default. */
  readonly termsTtlMs?: number | undefined;
  readonly fetch?: Fetch | undefined;
  /** Questions to begin with, as the hub's home words them; not yet checked. */
  readonly examples?: readonly OfferedExample[] | undefined;
}

export interface OfferedExample {
  readonly label: string;
  readonly question: unknown;
}

export const DEFAULT_DEADLINE_MS = 3_000;
/** What the declaration of 2018 set out to reach. */
export const GENOMES_TARGET = 1_000_000;

const EVERY_RECORD: BeaconQuery = {
  granularity: 'record',
  includeResultsetResponses: 'HIT',
  pagination: { skip: 0, limit: 0 },
};
const DEFAULT_TERMS_TTL_MS = 60_000;
const MAXIMUM_TERMS_BYTES = 32_000_000;

/**
 * The hub's questions to its members. It keeps the directory, what members say of themselves, and the names of terms;
 * neither questions nor answers.
 */
export class NetworkService {
  readonly #options: NetworkServiceOptions;
  readonly deadlineMs: number;
  readonly #limits: MemberLimits;
  readonly #members = new Map<string, Member>();
  readonly #termsOf = new Map<string, readonly FilteringTerm[]>();
  #index: { readonly atMs: number; readonly terms: Promise<TermIndex> } | undefined;
  #renewing = false;

  constructor(options: NetworkServiceOptions) {
    this.#options = options;
    this.deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
    this.#limits = { ...MEMBER_LIMITS, ...options.limits };
  }

  get disclosure(): DisclosurePolicy {
    return this.#options.disclosure;
  }

  get name(): string {
    return this.#options.name;
  }

  get examples(): readonly OfferedExample[] {
    return this.#options.examples ?? [];
  }

  members(): Promise<readonly MemberRow[]> {
    return this.#options.store.members();
  }

  /** See `addMember` of directory.ts. */
  addMember(url: string, options: AddMemberOptions = {}): Promise<MemberRow> {
    return addMember(this.#options.store, url, { fetch: this.#options.fetch, ...options });
  }

  removeMember(idOrUrl: string): Promise<MemberRow> {
    return removeMember(this.#options.store, idOrUrl);
  }

  /**
   * Asks every member at once: how many people match, and with a variant in the question, its frequencies among everyone
   * (never within the filters: docs/decisions/0006-no-frequencies-of-selections.md). Answers when all members have, or
   * at the deadline; each member's state is in the answer.
   */
  async ask(question: NetworkQuestion, asker: Asker = ANONYMOUS_ASKER): Promise<NetworkAnswer> {
    const startedMs = performance.now();
    const { variant, filters } = question;
    const withVariants = variant !== undefined && this.disclosure.publicGranularity === 'count';
    const outcomes = await this.askMembers(
      {
        individuals: { variant, filters, granularity: 'count', includeResultsetResponses: 'ALL' },
        variants: withVariants ? { variant, ...EVERY_RECORD } : undefined,
      },
      asker,
    );
    const elapsedMs = Math.round(performance.now() - startedMs);
    return answerOf(question, outcomes, {
      deadlineMs: this.deadlineMs,
      elapsedMs,
      policy: this.#options.disclosure,
    });
  }

  /**
   * How every member of the directory fared with a question, in the order of their names. Never later than the deadline.
   * Who asks and what for go with the question: each member decides by itself.
   */
  async askMembers(
    question: MemberQuestion,
    asker: Asker = ANONYMOUS_ASKER,
  ): Promise<readonly MemberOutcome[]> {
    const members = await this.#current();
    const { deadlineMs } = this;
    return await withDeadline(deadlineMs, (signal) =>
      Promise.all(members.map((member) => askMember(member, question, asker, signal, deadlineMs))),
    );
  }

  /** Who is in the network, how they are, and how far it is on the way to a million genomes. */
  async overview(): Promise<NetworkOverview> {
    const members = await Promise.all(
      (await this.#current()).map(async (member) => {
        const { id, name, country, url } = member.row;
        const state = await member.info({ timeoutMs: this.deadlineMs }).then(
          () => 'answered' as const,
          (error: unknown) => stateOf(error).state,
        );
        const { datasets } = member.lastInfo ?? {};
        const genomes = discloseAgain(member.lastInfo?.genomes, this.disclosure);
        return {
          id,
          name,
          country,
          url,
          state,
          ...(genomes && { genomes }),
          ...(datasets !== undefined && { datasets }),
        };
      }),
    );
    const genomes = members.reduce(
      (sum, member) => sum + (member.genomes?.kind === 'shown' ? member.genomes.value : 0),
      0,
    );
    return { name: this.name, members, progress: { genomes, target: GENOMES_TARGET } };
  }

  /** What the members that answer hold, with whose it is. */
  async datasets(): Promise<readonly DatasetDescription[]> {
    const members = await this.#current();
    const lists = await withDeadline(this.deadlineMs, (signal) =>
      Promise.all(
        members.map(async ({ row, beacon }) => {
          const held = await beacon
            .datasets({ signal, timeoutMs: this.deadlineMs })
            .catch((): readonly BeaconDataset[] => []);
          return held.map((dataset) => describeDataset(dataset, row, this.disclosure));
        }),
      ),
    );
    return lists.flat();
  }

  /** Terms that at least one member can be asked about; see `TermIndex.search`. */
  async terms(text: string, limit: number): Promise<readonly NetworkTerm[]> {
    return (await this.termIndex()).search(text, limit);
  }

  async genes(prefix: string, limit: number): Promise<readonly NetworkGene[]> {
    const rows = await this.#options.genes.search(prefix, limit);
    return rows.map(({ symbol, assembly, contig, start, end }) => ({ symbol, assembly, contig, start, end }));
  }

  /**
   * The union of the members' terms. The first caller waits for it (a deadline at most); afterwards it is renewed behind
   * the answers, and a member that cannot be asked keeps the terms it had.
   */
  async termIndex(): Promise<TermIndex> {
    if (this.#index === undefined) this.#index = { atMs: performance.now(), terms: this.#gatherTerms() };
    const index = this.#index;
    const ttlMs = this.#options.termsTtlMs ?? DEFAULT_TERMS_TTL_MS;
    const terms = await index.terms;
    // Without a single term there is nothing to answer with meanwhile: the next caller asks again at once.
    if (terms.size === 0) this.#index = undefined;
    else if (!this.#renewing && performance.now() - index.atMs >= ttlMs) this.#renewTerms();
    return terms;
  }

  #renewTerms(): void {
    this.#renewing = true;
    void this.#gatherTerms()
      .then((terms) => {
        this.#index = { atMs: performance.now(), terms: Promise.resolve(terms) };
      })
      .catch(() => undefined)
      .finally(() => {
        this.#renewing = false;
      });
  }

  async #gatherTerms(): Promise<TermIndex> {
    const members = await this.#current();
    await withDeadline(this.deadlineMs, (signal) =>
      Promise.all(
        members.map(async ({ row, beacon }) => {
          const call = { signal, timeoutMs: this.deadlineMs, maximumBytes: MAXIMUM_TERMS_BYTES };
          const terms = await beacon.filteringTerms(call).catch(() => undefined);
          if (terms !== undefined) this.#termsOf.set(row.id, terms);
        }),
      ),
    );
    return new TermIndex(members.map(({ row }) => this.#termsOf.get(row.id) ?? []));
  }

  /** The members as the directory has them now: another process may have added or removed some. */
  async #current(): Promise<readonly Member[]> {
    const { store, signed } = this.#options;
    const known = await knownMembers(await store.members(), signed);
    const ids = new Set(known.map(({ row }) => row.id));
    for (const id of this.#members.keys()) if (!ids.has(id)) this.#forget(id);
    return known
      .map(({ row, fetch }) => {
        const isSigned = fetch !== undefined;
        const member = this.#members.get(row.id);
        if (member !== undefined && member.isSigned === isSigned && isSame(member.row, row)) return member;
        const fresh = new Member(row, this.#limits, fetch ?? this.#options.fetch, isSigned);
        this.#members.set(row.id, fresh);
        return fresh;
      })
      .sort((a, b) => (a.row.name < b.row.name ? -1 : a.row.name > b.row.name ? 1 : 0));
  }

  #forget(id: string): void {
    this.#members.delete(id);
    this.#termsOf.delete(id);
  }
}

function describeDataset(
  dataset: BeaconDataset,
  { id, country }: MemberRow,
  policy: DisclosurePolicy,
): DatasetDescription {
  const { name, description, createdAt, assembly, individuals } = dataset;
  return {
    id: dataset.id,
    title: name,
    ...(description !== undefined && { description }),
    ...(createdAt !== undefined && { createdAt }),
    ...(assembly !== undefined && { assembly }),
    duo: [],
    individuals: discloseAgain(individuals, policy) ?? { kind: 'suppressed', below: policy.countThreshold },
    country,
    beaconId: id,
  };
}

function isSame(a: MemberRow, b: MemberRow): boolean {
  return a.url === b.url && a.country === b.country && a.name === b.name;
}

/** Runs `work` with a signal that aborts after `deadlineMs`. */
async function withDeadline<T>(deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(
    () => abort.abort(new DOMException(`no answer within ${deadlineMs} ms`, 'TimeoutError')),
    deadlineMs,
  );
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
  }
}
