import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { SelfCheck } from '@federome/core';
import type { FederomeNode } from '@federome/node';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { wholeNumber } from '../terminal/options.ts';
import { type OutputOptions, report } from '../terminal/output.ts';

interface Membership extends OutputOptions {
  readonly url: string;
  readonly dpia: string;
}

interface FoundOptions extends Membership {
  readonly network: string;
  readonly lifetime: number;
}

interface InviteOptions extends OutputOptions {
  readonly out?: string;
  readonly valid: number;
}

interface JoinOptions extends Membership {
  readonly token: string;
  readonly rekey?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

const HOUR_MS = 3_600_000;
const POLL_MS = 1_000;
const URL_HELP = 'where other members reach it, e.g. https://node.example.ee/';
const DPIA_HELP = 'reference of its data protection impact assessment';

/** `found`, `invite`, `join` and `leave`: how a network comes about, and who comes and goes. */
export function registerFounding(member: Command): void {
  member
    .command('found')
    .description('found a network with this node as its first member; the node must be served meanwhile')
    .argument('<dir>', 'the home of a node')
    .requiredOption('--network <name>', 'what the network is called')
    .requiredOption('--url <url>', URL_HELP)
    .requiredOption('--dpia <reference>', DPIA_HELP)
    .option('--lifetime <hours>', 'how long a version of the directory is valid', wholeNumber(1, 720), 24)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: FoundOptions) => {
      await withNode(directory, (node) => found(node, options));
    });
  member
    .command('invite')
    .description('print a join token: with it one server may ask to come in, once')
    .argument('<dir>', 'the home of a member, a node or the hub')
    .option('--out <file>', 'write it to a new file that only you can read')
    .option('--valid <hours>', 'how long it may be used', wholeNumber(1, 720), 168)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: InviteOptions) => {
      await withNode(directory, (node) => invite(node, options));
    });
  member
    .command('join')
    .description('ask to come into a network, and wait until its nodes have voted; served meanwhile')
    .argument('<dir>', 'the home of a node or hub')
    .requiredOption('--token <token>', 'the join token, or the file that holds it')
    .requiredOption('--url <url>', URL_HELP)
    .requiredOption('--dpia <reference>', DPIA_HELP)
    .option('--rekey', 'of a member that lost its keys: ask for its new ones')
    .option('--no-wait', 'ask, and do not wait for the votes')
    .option('--timeout <seconds>', 'how long to wait', wholeNumber(1, 2_592_000), 3_600)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: JoinOptions) => {
      await withNode(directory, (node) => join(node, options));
    });
  member
    .command('leave')
    .description('leave the network: the other nodes sign a directory without this member')
    .argument('<dir>', 'the home of a member')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions) => {
      await withNode(directory, async (node) => {
        const proposal = await (await node.directory.service()).propose({
          kind: 'leave',
          member: node.config.id,
        });
        await report(`${node.config.id} leaves the network (${proposal})`, { proposal }, options);
      });
    });
}

async function found(node: FederomeNode, { network, lifetime, ...options }: FoundOptions): Promise<void> {
  const service = await node.directory.service();
  const membership = { url: withSlash(options.url), dpia: options.dpia };
  const checks = await service.selfCheck(membership);
  showChecks(checks);
  await assertPassed(checks);
  const { directory } = await service.found({ network, lifetimeMs: lifetime * HOUR_MS, ...membership });
  await report(
    `${network} is founded by ${node.config.id}; its directory expires at ${directory.expiresAt} unless it is renewed`,
    { network, version: directory.version, expiresAt: directory.expiresAt },
    options,
  );
}

async function invite(node: FederomeNode, { out, valid, ...options }: InviteOptions): Promise<void> {
  const token = await (await node.directory.service()).invite(valid * HOUR_MS);
  if (out === undefined) return await report(token, { token }, options);
  try {
    await writeFile(out, `${token}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const { cannotWrite } = await import('@federome/node');
    throw cannotWrite(out, cause);
  }
  await report(`a join token is in ${out}: valid for ${valid} hours, and once`, { file: out }, options);
}

async function join(node: FederomeNode, options: JoinOptions): Promise<void> {
  const service = await node.directory.service();
  const token = existsSync(options.token) ? await readFile(options.token, 'utf8') : options.token;
  const membership = { url: withSlash(options.url), dpia: options.dpia };
  const checks = await service.selfCheck(membership, token);
  showChecks(checks);
  const proposal = await service.join(token, { ...membership, checks, rekey: options.rekey });
  if (!options.wait) {
    const sentence = `${node.config.id} asks to come in (${proposal}); its nodes vote: federome member vote`;
    return await report(sentence, { proposal, member: false }, options);
  }
  process.stderr.write(`asked to come in (${proposal}); waiting for the votes\n`);
  const untilMs = Date.now() + options.timeout * 1_000;
  while (!(await isIn(node, options.rekey === true))) {
    if (Date.now() > untilMs) {
      const { NodeError } = await import('@federome/node');
      throw new NodeError(
        'node/directory-unreachable',
        `not a member after ${options.timeout} s: the proposal stays open, and the node learns of its end while it is served`,
      );
    }
    await pause(POLL_MS);
    await service.refresh(true);
  }
  const { version } = await node.directory.members.current();
  await report(
    `${node.config.id} is a member, by version ${version} of the directory`,
    { proposal, member: true, version },
    options,
  );
}

/** Whether the latest directory has this member, and after a loss of keys with the ones that it has now. */
async function isIn(node: FederomeNode, rekey: boolean): Promise<boolean> {
  const own = (await node.directory.members.latest())?.members.find(({ id }) => id === node.config.id);
  if (own === undefined || !rekey) return own !== undefined;
  const known = new Set(own.keys.map(({ id }) => id));
  return (await (await node.directory.service()).ownKeys()).some(
    ({ id, purpose }) => purpose === 'directory' && known.has(id),
  );
}

function showChecks(checks: readonly SelfCheck[]): void {
  for (const { name, passed, detail } of checks) {
    process.stderr.write(`  ${passed ? '✓' : '✗'} ${name}: ${detail}\n`);
  }
}

async function assertPassed(checks: readonly SelfCheck[]): Promise<void> {
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const { NodeError } = await import('@federome/node');
  const list = failed.map(({ name, detail }) => `${name} (${detail})`).join('; ');
  throw new NodeError('node/self-check-failed', `the node is not fit to found a network: ${list}`);
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
