import type { DirectoryChange } from '@federome/core';
import type { FederomeNode } from '@federome/node';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { withNode } from '../terminal/node.ts';
import { type OutputOptions, report, writeRows } from '../terminal/output.ts';

interface ProposalsOptions extends OutputOptions {
  readonly all?: boolean;
}

interface UpdateOptions extends OutputOptions {
  readonly url?: string;
  readonly name?: string;
  readonly dpia?: string;
}

const COLUMNS = [
  'id',
  'kind',
  'about',
  'proposedBy',
  'for',
  'against',
  'needed',
  'state',
  'expiresAt',
  'checks',
];
const SHORTEST_ID = 6;

/** `proposals`, `vote`, `expel`, `threshold`, `update` and `directory`: what the nodes of a network decide. */
export function registerVoting(member: Command): void {
  member
    .command('proposals')
    .description('what is proposed, and how the votes stand')
    .argument('<dir>', 'the home of a member')
    .option('--all', 'closed ones as well')
    .option('--json', 'answer in JSON, with the whole proposals')
    .action(async (directory: string, options: ProposalsOptions) => {
      await withNode(directory, (node) => showProposals(node, options));
    });
  member
    .command('vote')
    .description('vote as the operator of this node')
    .argument('<dir>', 'the home of a node')
    .argument('<id>', 'a proposal, or the beginning of its id; `all` for every open one')
    .addArgument(new Argument('<decision>', 'for it or against').choices(['yes', 'no']))
    .option('--json', 'answer in JSON')
    .action(async (directory: string, id: string, decision: string, options: OutputOptions) => {
      await withNode(directory, (node) => vote(node, id, decision === 'yes' ? 'for' : 'against', options));
    });
  member
    .command('expel')
    .description('propose that a member goes')
    .argument('<dir>', 'the home of a member')
    .argument('<member>', 'its id')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, id: string, options: OutputOptions) => {
      await withNode(directory, (node) => propose(node, { kind: 'leave', member: id }, options));
    });
  member
    .command('threshold')
    .description('propose how many nodes must agree: more than half in any case')
    .argument('<dir>', 'the home of a member')
    .argument('<rule>', '`majority`, or a number', ruleOf)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, rule: 'majority' | number, options: OutputOptions) => {
      await withNode(directory, (node) => propose(node, { kind: 'threshold', rule }, options));
    });
  member
    .command('update')
    .description('propose that this member is listed otherwise; keys that rotated are proposed by themselves')
    .argument('<dir>', 'the home of a member')
    .option('--url <url>', 'another address')
    .option('--name <text>', 'another name: the others vote on it')
    .option('--dpia <reference>', 'another impact assessment: the others vote on it')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: UpdateOptions) => {
      await withNode(directory, (node) => update(node, options));
    });
  member
    .command('directory')
    .description('the version of the directory of members that this server goes by')
    .argument('<dir>', 'the home of a member')
    .option('--json', 'answer in JSON, with the whole directory')
    .action(async (directory: string, options: OutputOptions) => {
      await withNode(directory, (node) => showDirectory(node, options));
    });
}

async function showProposals(node: FederomeNode, options: ProposalsOptions): Promise<void> {
  const standings = await (await node.directory.service()).standings(options.all ? undefined : 'open');
  if (options.json) {
    return await report('', { proposals: standings }, { json: true });
  }
  const rows = standings.map(({ id, proposal: { proposal }, ...standing }) => ({
    id,
    kind: proposal.change.kind,
    about: aboutOf(proposal.change),
    proposedBy: proposal.proposedBy,
    for: standing.for.join(' '),
    against: standing.against.join(' '),
    needed: standing.needed,
    state: standing.state,
    expiresAt: proposal.expiresAt,
    checks: checksOf(proposal.change),
  }));
  await writeRows(COLUMNS, rows, options);
}

function aboutOf(change: DirectoryChange): string {
  if (change.kind === 'threshold') return String(change.rule);
  return change.kind === 'join' ? `${change.member.id} ${change.member.url}` : change.member;
}

/** What a joining node said of itself: voters look at it, and ask elsewhere as well. */
function checksOf(change: DirectoryChange): string {
  if (change.kind !== 'join') return '';
  return change.checks.map(({ name, passed }) => `${passed ? '✓' : '✗'} ${name}`).join(', ');
}

async function vote(
  node: FederomeNode,
  text: string,
  decision: 'for' | 'against',
  options: OutputOptions,
): Promise<void> {
  const service = await node.directory.service();
  const open = (await service.standings('open')).map(({ id }) => id);
  const meant =
    text === 'all'
      ? open
      : open.filter((id) => id === text || (text.length >= SHORTEST_ID && id.startsWith(text)));
  if (text !== 'all' && meant.length !== 1) {
    const { NodeError } = await import('@federome/node');
    throw new NodeError(
      'node/unknown-proposal',
      `'${text}' is ${meant.length === 0 ? 'no open proposal' : 'the beginning of several'} here`,
    );
  }
  await service.vote(meant, decision);
  const { version } = await node.directory.members.current();
  await report(
    `voted ${decision} ${meant.length === 1 ? meant[0] : `${meant.length} proposals`}; the directory is at version ${version}`,
    { proposals: meant, decision, version },
    options,
  );
}

async function propose(node: FederomeNode, change: DirectoryChange, options: OutputOptions): Promise<void> {
  const proposal = await (await node.directory.service()).propose(change);
  await report(`proposed ${proposal}`, { proposal }, options);
}

async function update(node: FederomeNode, { url, name, dpia, ...options }: UpdateOptions): Promise<void> {
  const proposal = await (await node.directory.service()).updateSelf({
    ...(url !== undefined && { url: url.endsWith('/') ? url : `${url}/` }),
    ...(name !== undefined && { name }),
    ...(dpia !== undefined && { dpia }),
  });
  const sentence = proposal === undefined ? 'nothing differs from the directory' : `proposed ${proposal}`;
  await report(sentence, { proposal: proposal ?? null }, options);
}

async function showDirectory(node: FederomeNode, options: OutputOptions): Promise<void> {
  const service = await node.directory.service();
  const [signed, forks] = [await service.signed(), await service.forks()];
  const { directory, signatures } = signed;
  if (options.json) return await report('', { ...signed, forks }, options);
  const isExpired = directory.expiresAt <= new Date().toISOString();
  const evidence = forks
    .map(({ version, hash }) => `\n  FORKED: another version ${version}, ${hash}`)
    .join('');
  await report(
    [
      `${directory.network}, version ${directory.version}`,
      `  issued    ${directory.issuedAt}`,
      `  expires   ${directory.expiresAt}${isExpired ? '   EXPIRED' : ''}`,
      `  signed by ${signatures.map(({ member }) => member).join(', ')}`,
      `  nodes that must sign the next version: ${directory.threshold}`,
      `  members   ${directory.members.map(({ id, role }) => (role === 'hub' ? `${id} (hub)` : id)).join(', ')}${evidence}`,
    ].join('\n'),
    {},
    options,
  );
}

function ruleOf(text: string): 'majority' | number {
  if (text === 'majority') return text;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 1_000) {
    throw new InvalidArgumentError('expected `majority` or a whole number from 1.');
  }
  return number;
}
