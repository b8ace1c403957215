import { CodedError } from '@federome/core';
import type { FederomeNode } from '@federome/node';
import type { Command } from 'commander';
import { registerFounding } from '../membership/founding.ts';
import { registerVoting } from '../membership/voting.ts';
import { withNode } from '../terminal/node.ts';
import { wholeNumber } from '../terminal/options.ts';
import { type OutputOptions, report, writeRows } from '../terminal/output.ts';

interface AddOptions extends OutputOptions {
  readonly country?: string;
  readonly timeout: number;
}

const COLUMNS = ['id', 'country', 'name', 'url', 'addedAt', 'role', 'trust'];

export function register(program: Command): void {
  const member = program
    .command('member')
    .description('who is in the network, and the Beacons that a hub asks besides');
  member
    .command('add')
    .description(
      'ask Beacons who they are, and enter them in the hub’s list: asked, and trusted with nothing',
    )
    .argument('<dir>', 'the home of a hub')
    .argument('<url...>', 'addresses of Beacons')
    .option('--country <code>', 'ISO 3166-1 alpha-2, for a Beacon that does not state its country')
    .option('--timeout <ms>', 'how long a Beacon may take to answer', wholeNumber(1, 600_000), 10_000)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, urls: readonly string[], options: AddOptions) => {
      await withHub(directory, (hub) =>
        forEach(urls, async (url) => {
          const { addMember } = await import('@federome/node');
          const row = await addMember(hub.records, url, {
            country: options.country,
            timeoutMs: options.timeout,
          });
          await report(
            `${row.name} (${row.id}, ${row.country}) is a member, at ${row.url}`,
            { ...row },
            options,
          );
        }),
      );
    });
  member
    .command('list')
    .description('who is in the directory of members, and of a hub which Beacons it asks besides')
    .argument('<dir>', 'the home of a member')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions) => {
      await withNode(directory, async (node) => {
        const signed = (await node.directory.members.latest())?.members ?? [];
        if (signed.length === 0) await assertHub(directory, node);
        const known = new Set(signed.flatMap(({ id, url }) => [id, url]));
        const listed = (await node.records.members()).filter(
          ({ id, url }) => !known.has(id) && !known.has(url),
        );
        const rows = [
          ...listed.map((row) => ({ ...row, role: 'node', trust: 'listed' })),
          ...signed.map(({ id, country, name, url, joinedAt: addedAt, role }) => ({
            id,
            country,
            name,
            url,
            addedAt,
            role,
            trust: 'directory',
          })),
        ].sort((a, b) => (a.country < b.country ? -1 : a.country > b.country ? 1 : a.id < b.id ? -1 : 1));
        await writeRows(COLUMNS, rows, options);
      });
    });
  member
    .command('remove')
    .description('take Beacons off a hub’s list: from the next question on they are not asked')
    .argument('<dir>', 'the home of a hub')
    .argument('<member...>', 'ids or addresses')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, members: readonly string[], options: OutputOptions) => {
      await withHub(directory, (hub) =>
        forEach(members, async (idOrUrl) => {
          const { removeMember } = await import('@federome/node');
          const row = await removeMember(hub.records, idOrUrl);
          await report(`${row.name} (${row.id}) is no longer a member`, { removed: row.id }, options);
        }),
      );
    });
  registerFounding(member);
  registerVoting(member);
}

async function withHub(directory: string, work: (hub: FederomeNode) => Promise<void>): Promise<void> {
  await withNode(directory, async (hub) => {
    await assertHub(directory, hub);
    await work(hub);
  });
}

async function assertHub(directory: string, { config }: FederomeNode): Promise<void> {
  if (config.role === 'hub') return;
  const { NodeError } = await import('@federome/node');
  throw new NodeError(
    'node/wrong-role',
    `${directory} is the home of a node that is in no network: only a hub has a list of Beacons`,
  );
}

/** Does what can be done: refusals are told one by one, and the last one ends the command. */
async function forEach(items: readonly string[], work: (item: string) => Promise<void>): Promise<void> {
  const refusals: CodedError[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      refusals.push(error);
    }
  }
  const last = refusals.pop();
  for (const refusal of refusals) process.stderr.write(`federome: ${refusal.describe()}\n`);
  if (last !== undefined) throw last;
}
