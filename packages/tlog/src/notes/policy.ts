import { TlogError } from '../errors.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { NoteKey } from './key.ts';
import { parseNote, type SignedNote, type VerifiedSignature, verifyNote } from './note.ts';

export interface PolicyLog {
  readonly key: NoteKey;
  readonly url?: string;
}

export interface PolicyWitness extends PolicyLog {
  /** Its name within the policy. */
  readonly name: string;
}

/** Witnesses a checkpoint if at least `threshold` of its members do. */
export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly (PolicyWitness | PolicyGroup)[];
}

/** Which checkpoints are believed: signed by one of the logs, cosigned as the quorum asks (C2SP tlog-policy). */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: PolicyWitness | PolicyGroup | 'none';
}

/** A checkpoint that a policy believes. */
export interface VerifiedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
  /** By the log. */
  readonly signatures: readonly VerifiedSignature[];
  /** By witnesses of the policy. */
  readonly cosignatures: readonly VerifiedSignature[];
}

/** The policy that `k` of these witnesses cosign; 0 asks for none. Throws `tlog/bad-policy`. */
export function quorumOf(k: number, logs: readonly NoteKey[], witnesses: readonly NoteKey[]): Policy {
  const named = witnesses.map((key) => ({ name: key.name, key }));
  if (!Number.isSafeInteger(k) || k < 0 || k > witnesses.length)
    throw bad(`asks for ${k} of ${witnesses.length} witnesses`);
  return requirePolicy({
    logs: logs.map((key) => ({ key })),
    witnesses: named,
    quorum: k === 0 ? 'none' : { name: 'quorum', threshold: k, members: named },
  });
}

/**
 * Checks a signed checkpoint against a policy. Throws `tlog/bad-note`, `tlog/bad-signature` (no log of the policy signed
 * it, or a signature does not verify) and `tlog/too-few-cosignatures`.
 */
export function verifyCheckpoint(note: string | SignedNote, policy: Policy): VerifiedCheckpoint {
  const signed = typeof note === 'string' ? parseNote(note) : note;
  const checkpoint = parseCheckpoint(signed.text);
  const logKeys = policy.logs.map(({ key }) => key).filter(({ name }) => name === checkpoint.origin);
  const witnessKeys = policy.witnesses.map(({ key }) => key);
  const all = verifyNote(signed, [...logKeys, ...witnessKeys]);
  const signatures = all.filter(({ key }) => logKeys.includes(key));
  if (signatures.length === 0)
    throw new TlogError('tlog/bad-signature', `the log ${checkpoint.origin} did not sign its checkpoint`);
  const cosignatures = all.filter(({ key }) => witnessKeys.includes(key));
  const by = new Set(cosignatures.map(({ key }) => key));
  if (policy.quorum !== 'none' && !isWitnessed(policy.quorum, by))
    throw new TlogError(
      'tlog/too-few-cosignatures',
      `${by.size} of ${witnessKeys.length} witnesses cosigned the checkpoint of ${checkpoint.origin} at ${checkpoint.size}: too few`,
    );
  return { ...checkpoint, note: signed, signatures, cosignatures };
}

function isWitnessed(member: PolicyWitness | PolicyGroup, by: ReadonlySet<NoteKey>): boolean {
  if ('key' in member) return by.has(member.key);
  return member.members.filter((each) => isWitnessed(each, by)).length >= member.threshold;
}

/** A policy whose keys are each there once and of the type for their purpose; throws `tlog/bad-policy`. */
export function requirePolicy(policy: Policy): Policy {
  const { logs, witnesses } = policy;
  if (logs.some(({ key }) => key.type !== 'note')) throw bad('has a log whose key is not one of type 1');
  if (witnesses.some(({ key }) => key.type !== 'cosignature'))
    throw bad('has a witness whose key is not one of type 4');
  for (const group of [logs, witnesses]) {
    const keys = group.map(({ key }) => Buffer.from(key.publicKey).toString('hex'));
    if (new Set(keys).size < keys.length) throw bad('has the same key twice');
  }
  return policy;
}

export const bad = (what: string) => new TlogError('tlog/bad-policy', `the policy ${what}`);
