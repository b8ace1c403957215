import { formatVerifierKey, parseVerifierKey } from './key.ts';
import {
  bad,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
  requirePolicy,
} from './policy.ts';

type Member = PolicyWitness | PolicyGroup;

/** Reads the text form of a policy (C2SP tlog-policy); throws `tlog/bad-policy` and `tlog/bad-key`. */
export function parsePolicy(text: string): Policy {
  if (/(?![\t\n])\p{Cc}/u.test(text)) throw bad('has control characters');
  const reading = new PolicyReading();
  for (const line of text.split('\n')) {
    const trimmed = line.replace(/^[ \t]+|[ \t]+$/g, '');
    if (trimmed !== '' && !trimmed.startsWith('#')) reading.read(trimmed.split(/[ \t]+/), line);
  }
  return reading.policy();
}

/** The text form of a policy. */
export function formatPolicy({ logs, witnesses, quorum }: Policy): string {
  const groups: string[] = [];
  const addGroup = (member: Member) => {
    if ('key' in member) return;
    member.members.forEach(addGroup);
    const members = member.members.map(({ name }) => name).join(' ');
    groups.push(`group ${member.name} ${member.threshold} ${members}`);
  };
  if (quorum !== 'none') addGroup(quorum);
  const keyAndUrl = ({ key, url }: PolicyLog) => [
    formatVerifierKey(key),
    ...(url === undefined ? [] : [url]),
  ];
  const lines = [
    ...logs.map((log) => ['log', ...keyAndUrl(log)].join(' ')),
    ...witnesses.map((witness) => ['witness', witness.name, ...keyAndUrl(witness)].join(' ')),
    ...groups,
    `quorum ${quorum === 'none' ? quorum : quorum.name}`,
  ];
  return `${lines.join('\n')}\n`;
}

class PolicyReading {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #names = new Map<string, Member>();
  readonly #inGroups = new Set<string>();
  #quorum: Policy['quorum'] | undefined;

  read([kind, ...words]: readonly string[], line: string): void {
    if (kind === 'log') this.#logs.push(keyAndUrl(words, line));
    else if (kind === 'witness') this.#readWitness(words, line);
    else if (kind === 'group') this.#readGroup(words, line);
    else if (kind === 'quorum') this.#readQuorum(words, line);
    else throw bad(`has a line that is none of log, witness, group, quorum: ${line}`);
  }

  policy(): Policy {
    if (this.#quorum === undefined) throw bad('lacks its quorum line');
    return requirePolicy({ logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum });
  }

  #readWitness([name, ...words]: readonly string[], line: string): void {
    const witness = { name: name ?? '', ...keyAndUrl(words, line) };
    this.#witnesses.push(witness);
    this.#define(witness);
  }

  #readGroup([name, count, ...names]: readonly string[], line: string): void {
    const members = names.map((each) => this.#member(each));
    const threshold = count === 'any' ? 1 : count === 'all' ? names.length : Number(count);
    const isCount = /^(any|all|[1-9]\d*)$/.test(count ?? '');
    if (name === undefined || !isCount || threshold > names.length || names.length === 0)
      throw bad(`has a line that is not “group NAME all|any|K NAME…” with K of its members: ${line}`);
    this.#define({ name, threshold, members });
  }

  #readQuorum([name, ...rest]: readonly string[], line: string): void {
    if (name === undefined || rest.length > 0 || this.#quorum !== undefined)
      throw bad(`has a second quorum, or one of several names: ${line}`);
    this.#quorum = name === 'none' ? name : this.#defined(name);
  }

  #define(member: Member): void {
    if (member.name === 'none' || this.#names.has(member.name))
      throw bad(`has the name ${member.name} twice`);
    this.#names.set(member.name, member);
  }

  /** Each name may be a member once, so that no witness counts twice. */
  #member(name: string): Member {
    if (this.#inGroups.has(name)) throw bad(`has ${name} in two groups`);
    this.#inGroups.add(name);
    return this.#defined(name);
  }

  #defined(name: string): Member {
    const member = this.#names.get(name);
    if (member === undefined) throw bad(`names ${name}, which no line before defines`);
    return member;
  }
}

function keyAndUrl([key, url, ...rest]: readonly string[], line: string): PolicyLog {
  if (key === undefined || rest.length > 0) throw bad(`has a line without a key, or with too much: ${line}`);
  return { key: parseVerifierKey(key), ...(url === undefined ? {} : { url }) };
}
