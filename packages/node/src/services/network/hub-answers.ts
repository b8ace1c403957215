import type { BeaconQuery, MemberStatement } from '@federome/client';
import {
  ASSEMBLIES,
  type Asker,
  type BeaconDescription,
  type DatasetDescription,
  type DisclosedCount,
  type DisclosurePolicy,
  type DiscoveryAnswer,
  type DiscoveryAnswers,
  type DiscoveryQuestion,
  type FilteringTermsAnswer,
  type Granularity,
  type Pagination,
  type ResultSet,
  selectionAnswer,
  selectsPeople,
  type VariantRecord,
  variantParameters,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import { disclosedEntry } from './answer.ts';
import type { MemberOutcome, OutcomeSet } from './ask.ts';
import { discloseRecord, followsPolicy } from './frequencies.ts';
import type { NetworkService } from './network-service.ts';
import { mergePeople, NO_PEOPLE, peopleSum, totalPeople } from './people.ts';

export interface HubIdentity {
  readonly id: string;
  /** ISO 3166-1 alpha-2: where the hub is run. */
  readonly country: string;
  readonly description?: string | undefined;
}

type EntryName = 'individuals' | 'variants';

/** A member's result set as it may be passed on; without a count where it says yes or no only. */
type HeardSet = Omit<ResultSet, 'count'> & {
  readonly exists: boolean;
  readonly count: DisclosedCount | undefined;
};
type CountedSet = HeardSet & { readonly count: DisclosedCount };

const MAXIMUM_TERMS = 10_000;

/**
 * The network as one Beacon: every question goes to every member, each of whose datasets becomes a result set, and
 * `info.members` says how each member fared.
 */
export class HubAnswers implements DiscoveryAnswers {
  readonly #network: NetworkService;
  readonly #identity: HubIdentity;

  constructor(network: NetworkService, identity: HubIdentity) {
    this.#network = network;
    this.#identity = identity;
  }

  async describe(): Promise<BeaconDescription> {
    const { members, progress } = await this.#network.overview();
    const { id, country, description } = this.#identity;
    const policy = this.#network.disclosure;
    return {
      id,
      name: this.#network.name,
      role: 'hub',
      country,
      description:
        description ?? 'Asks every member of the network at once. Holds no data about people itself.',
      genomes:
        progress.genomes > 0
          ? { kind: 'shown', value: progress.genomes }
          : { kind: 'suppressed', below: policy.countThreshold },
      datasets: members.reduce((sum, member) => sum + (member.datasets ?? 0), 0),
      assemblies: ASSEMBLIES,
      disclosure: policy,
    };
  }

  datasets(): Promise<readonly DatasetDescription[]> {
    return this.#network.datasets();
  }

  /** The union over members; which dataset of which member has a term is the member's to say. */
  async filteringTerms(request: { readonly pagination: Pagination }): Promise<FilteringTermsAnswer> {
    const index = await this.#network.termIndex();
    const { skip, limit } = request.pagination;
    const page = limit === 0 ? MAXIMUM_TERMS : Math.min(limit, MAXIMUM_TERMS);
    const terms = index.page(skip * page, page);
    return { terms, resources: [], total: index.size };
  }

  async individuals(question: DiscoveryQuestion, asker: Asker): Promise<DiscoveryAnswer> {
    const granularity = this.#mostOf(question.granularity === 'boolean' ? 'boolean' : 'count');
    return await this.#ask('individuals', question, asker, granularity, { granularity: 'count' });
  }

  async variants(question: DiscoveryQuestion, asker: Asker): Promise<DiscoveryAnswer> {
    const { granularity: most, notices } = selectionAnswer(question);
    const granularity = this.#mostOf(most);
    const { pagination } = question;
    const answer = await this.#ask('variants', question, asker, granularity, { granularity, pagination });
    return { ...answer, notices: [...notices, ...answer.notices] };
  }

  #mostOf(granularity: Granularity): Granularity {
    return this.#network.disclosure.publicGranularity === 'boolean' ? 'boolean' : granularity;
  }

  async #ask(
    entry: EntryName,
    question: DiscoveryQuestion,
    asker: Asker,
    granularity: Granularity,
    query: BeaconQuery,
  ): Promise<DiscoveryAnswer> {
    const asked: BeaconQuery = {
      variant: question.variant && variantParameters(question.variant),
      filters: question.filters,
      includeResultsetResponses: 'ALL',
      ...query,
    };
    const outcomes = question.testMode ? [] : await this.#network.askMembers({ [entry]: asked }, asker);
    assertSomeAnswer(outcomes);
    return combine(entry, question, granularity, outcomes, this.#network.disclosure);
  }
}

/**
 * A no that nobody gave would mislead. Throws `node/members-refused` where every member refused the question,
 * `node/no-member-answered` where none answered for whatever reasons; both name each member's.
 */
function assertSomeAnswer(outcomes: readonly MemberOutcome[]): void {
  if (outcomes.length === 0 || outcomes.some(({ state }) => state === 'answered')) return;
  const reasons = outcomes.map(({ member, state, reason }) => `${member.name}: ${reason?.message ?? state}`);
  if (outcomes.every(({ state }) => state === 'refused')) {
    throw new NodeError('node/members-refused', `every member refused the question. ${reasons.join('; ')}`);
  }
  throw new NodeError('node/no-member-answered', `no member answered. ${reasons.join('; ')}`);
}

function combine(
  entry: EntryName,
  question: DiscoveryQuestion,
  granularity: Granularity,
  outcomes: readonly MemberOutcome[],
  policy: DisclosurePolicy,
): DiscoveryAnswer {
  const wanted = question.datasets && new Set(question.datasets);
  const parts = outcomes.map((outcome) => {
    const heard = setsOf(outcome, entry, policy).filter(({ id }) => wanted === undefined || wanted.has(id));
    const sets = selectsPeople(question) ? heard.map(withoutFrequencies) : heard;
    return { outcome, sets, exists: sets.some((set) => set.exists) };
  });
  const sets = parts.flatMap((part) => part.sets);
  const counted = sets.filter((set): set is CountedSet => set.count !== undefined);
  const exists = parts.some((part) => part.exists);
  const total = totalOf(counted, policy);
  // Members that say yes without a number can only be heard in an answer that is yes or no.
  const onlyYes = exists && total.kind === 'suppressed';
  return {
    granularity: onlyYes ? 'boolean' : granularity,
    // A hub lets nobody into anything: each member decides by itself how far it is open.
    access: { level: 'public', permits: [] },
    sets: counted.map(({ exists: _, ...set }) => set),
    total: onlyYes ? { kind: 'shown', value: 1 } : total,
    policy,
    notices: noticesOf(outcomes, question),
    info: { members: parts.map(({ outcome, exists }) => statementOf(outcome, exists)) },
  };
}

/** A member's datasets, or the member as one set where it lists none. */
function setsOf(outcome: MemberOutcome, entry: EntryName, policy: DisclosurePolicy): readonly HeardSet[] {
  const answer = outcome[entry];
  if (answer === undefined) return [];
  const { member } = outcome;
  const follows = followsPolicy(outcome.disclosure, policy);
  const whole: OutcomeSet = { id: member.id, exists: answer.exists, count: answer.count, records: [] };
  return (answer.sets.length > 0 ? answer.sets : [whole]).map((set) => ({
    id: set.id,
    // The number of variants is no number of people.
    ...(entry === 'individuals'
      ? disclosedEntry(set, policy)
      : { exists: set.exists, count: hits(set, policy) }),
    records: set.records.map((record) => discloseRecord(record, follows, policy)),
    country: member.country,
    beaconId: member.id,
  }));
}

/** What a Beacon of others tells of frequencies within filters is withheld as a node of ours withholds it. */
function withoutFrequencies(set: HeardSet): HeardSet {
  const records = set.records.map((record): VariantRecord => {
    const populations = [...record.frequencies.map(({ population }) => population), ...record.withheld];
    return { ...record, frequencies: [], withheld: [...new Set(populations)].sort() };
  });
  return { ...set, records };
}

/** A set without a hit, as a count under disclosure control has to be written: few and none are alike. */
function hits({ count }: OutcomeSet, policy: DisclosurePolicy): DisclosedCount | undefined {
  return count?.kind === 'shown' && count.value === 0
    ? { kind: 'suppressed', below: policy.countThreshold }
    : count;
}

function totalOf(sets: readonly CountedSet[], policy: DisclosurePolicy): DisclosedCount {
  const total = totalPeople(sets.map((set) => peopleSum(set.count)).reduce(mergePeople, NO_PEOPLE));
  return total.kind === 'shown' && total.value === 0
    ? { kind: 'suppressed', below: policy.countThreshold }
    : total;
}

function statementOf(outcome: MemberOutcome, exists: boolean): MemberStatement {
  const { member, state, reason, elapsedMs } = outcome;
  const { id, name, country } = member;
  return { id, name, country, state, reason, elapsedMs, ...(state === 'answered' && { exists }) };
}

function noticesOf(outcomes: readonly MemberOutcome[], { testMode }: DiscoveryQuestion): readonly string[] {
  const silent = outcomes.filter((outcome) => outcome.state !== 'answered').length;
  if (testMode) return ['in test mode no member is asked'];
  return silent === 0
    ? []
    : [`${silent} of ${outcomes.length} members gave no answer; info.members says why`];
}
