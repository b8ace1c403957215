import {
  type BeaconAnswer,
  type BeaconQuery,
  ClientError,
  type MemberState,
  readVariantRecords,
} from '@federome/client';
import {
  type Asker,
  type DisclosedCount,
  type DisclosurePolicy,
  PURPOSE_HEADER,
  parseAssembly,
  type VariantRecord,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { MemberRow } from '../../stores/records/records.ts';
import type { Member } from './member.ts';

/** What is asked of every member: people, variants, or both at once. */
export interface MemberQuestion {
  readonly individuals?: BeaconQuery | undefined;
  readonly variants?: BeaconQuery | undefined;
}

const LIES: ReadonlySet<string> = new Set(['client/wrong-country', 'client/wrong-schema', 'client/not-json']);

/** One dataset's part, or the whole of a member that lists no datasets. */
export interface OutcomeSet {
  readonly id: string;
  readonly exists: boolean;
  readonly count: DisclosedCount | undefined;
  readonly records: readonly VariantRecord[];
}

export interface EntryOutcome {
  readonly exists: boolean;
  readonly count: DisclosedCount | undefined;
  readonly sets: readonly OutcomeSet[];
  /** More results exist than were listed. */
  readonly more: boolean;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** How one member fared with one question; `individuals` and `variants` only of a member that answered. */
export interface MemberOutcome {
  readonly member: MemberRow;
  readonly state: MemberState;
  readonly reason?: Reason | undefined;
  readonly elapsedMs: number;
  readonly individuals?: EntryOutcome | undefined;
  readonly variants?: EntryOutcome | undefined;
  /** The disclosure policy that the member says it applies. */
  readonly disclosure?: DisclosurePolicy | undefined;
}

/**
 * Asks one member. Never throws, and returns at the latest when `signal` aborts, whatever the member does.
 */
export async function askMember(
  member: Member,
  question: MemberQuestion,
  asker: Asker,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<MemberOutcome> {
  const startedMs = performance.now();
  const outcome = (rest: Omit<MemberOutcome, 'member' | 'elapsedMs'>): MemberOutcome => ({
    member: member.row,
    elapsedMs: Math.round(performance.now() - startedMs),
    ...rest,
  });
  const call = { signal, timeoutMs, ...(member.isSigned && { headers: passedOn(asker) }) };
  try {
    return await member.inFlight.run(signal, async () => {
      const ask = <T>(work: Promise<T> | undefined) => work && untilAborted(work, signal);
      const [individuals, variants, info] = await Promise.allSettled([
        ask(question.individuals && member.beacon.individuals(question.individuals, call)),
        ask(question.variants && member.beacon.gVariants(question.variants, call)),
        ask(member.info({ timeoutMs })),
      ]);
      if (info.status === 'rejected' && isLie(info.reason)) throw info.reason;
      const { disclosure } = member.lastInfo ?? {};
      return outcome({ state: 'answered', disclosure, ...combine(question, individuals, variants) });
    });
  } catch (error) {
    return outcome(stateOf(error));
  }
}

/** Who asks and what for, for members whose questions are signed: a passport is for nobody else to see. */
function passedOn({ passport, purpose }: Asker): Readonly<Record<string, string>> {
  return {
    ...(passport !== undefined && { 'ga4gh-passport': passport }),
    ...(purpose !== undefined && { [PURPOSE_HEADER]: purpose }),
  };
}

/** A node that cannot say who it is may still answer; one that says the wrong thing, or does not stand by it, may not. */
function isLie(error: unknown): boolean {
  return error instanceof ClientError ? LIES.has(error.code) : isForged(error);
}

/** Of a member of the directory: an answer that it did not sign, or not as the answer to this. */
function isForged(error: unknown): error is NodeError {
  return (
    error instanceof NodeError && (error.code.startsWith('node/answer-') || error.code === 'node/wrong-clock')
  );
}

/**
 * One answer of the two halves. Whoever lies in one is not believed in the other; whoever has people but no
 * frequencies to offer (or the other way round) has answered, and `reason` says what is missing. Where people are asked
 * for within filters, frequencies of everyone are no answer by themselves.
 */
function combine(
  question: MemberQuestion,
  individuals: PromiseSettledResult<BeaconAnswer | undefined>,
  variants: PromiseSettledResult<BeaconAnswer | undefined>,
): Pick<MemberOutcome, 'individuals' | 'variants' | 'reason'> {
  const failures = [individuals, variants].flatMap((half) =>
    half.status === 'rejected' ? [half.reason] : [],
  );
  const lie = failures.find(isLie);
  const answers = {
    individuals: individuals.status === 'fulfilled' ? individuals.value : undefined,
    variants: variants.status === 'fulfilled' ? variants.value : undefined,
  };
  const selects = (question.individuals?.filters ?? []).length > 0;
  const nothing = answers.individuals === undefined && (selects || answers.variants === undefined);
  if (lie !== undefined || (nothing && failures.length > 0)) throw lie ?? failures[0];
  return {
    individuals: answers.individuals && entryOf(answers.individuals, undefined),
    variants: answers.variants && entryOf(answers.variants, question.variants),
    reason: failures.length > 0 ? stateOf(failures[0]).reason : undefined,
  };
}

function entryOf(answer: BeaconAnswer, query: BeaconQuery | undefined): EntryOutcome {
  const asked = query?.variant?.assemblyId;
  const assembly = typeof asked === 'string' ? parseAssembly(asked) : undefined;
  const sets = answer.resultSets.map((set) => ({
    id: set.id,
    exists: set.exists,
    count: set.count,
    records: query === undefined ? [] : readVariantRecords(set.results, assembly),
  }));
  const more = answer.resultSets.some(
    (set) => set.count?.kind === 'shown' && set.results.length > 0 && set.count.value > set.results.length,
  );
  return { exists: answer.exists, count: answer.count, sets, more };
}

/** The state and the reason that a failure means for whoever asked. */
export function stateOf(error: unknown): { readonly state: MemberState; readonly reason: Reason } {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { state: 'timed-out', reason: { code: 'client/timed-out', message: error.message } };
  }
  if (error instanceof NodeError) {
    const reason = { code: error.code, message: error.publicMessage };
    return { state: isForged(error) ? 'invalid-answer' : 'unreachable', reason };
  }
  if (!(error instanceof ClientError)) {
    const message = 'the hub could not make sense of the answer';
    return { state: 'invalid-answer', reason: { code: 'client/wrong-schema', message } };
  }
  const reason = { code: error.code, message: error.publicMessage };
  if (error.code === 'client/unreachable') return { state: 'unreachable', reason };
  if (error.code === 'client/timed-out') return { state: 'timed-out', reason };
  if (error.code === 'client/refused') return { state: 'refused', reason };
  return { state: declines(error) ? 'refused' : 'invalid-answer', reason };
}

/** A bad request, overload, or a Beacon's own error message: it understood and says no. Anything else is broken. */
function declines({ code, status = 0, said }: ClientError): boolean {
  if (code !== 'client/http-status') return false;
  return status === 400 || status === 503 || (said !== undefined && status >= 400 && status < 500);
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
