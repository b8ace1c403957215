import { CodedError } from '@federome/core';
import type { FederomeNode } from '@federome/node';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { wholeNumber } from '../terminal/options.ts';
import { type OutputOptions, report, writeRows } from '../terminal/output.ts';

interface AddOptions extends OutputOptions {
  readonly country?: string;
  readonly timeout: number;
}

const COLUMNS = ['id', 'country', 'name', 'url', 'addedAt'];

export function register(program: Command): void {
  const member = program.command('member').description('the nodes that a hub asks');
  member
    .command('add')
    .description('ask Beacons who they are, and enter them in the directory')
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
    .description('who is in the directory')
    .argument('<dir>', 'the home of a hub')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions) => {
      await withHub(directory, async (hub) => {
        const rows = (await hub.records.members()).map((row) => ({ ...row }));
        await writeRows(COLUMNS, rows, options);
      });
    });
  member
    .command('remove')
    .description('take nodes out of the directory: from the next question on they are not asked')
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
}

async function withHub(directory: string, work: (hub: FederomeNode) => Promise<void>): Promise<void> {
  await withNode(directory, async (hub) => {
    if (hub.config.role !== 'hub') {
      const { NodeError } = await import('@federome/node');
      throw new NodeError('node/wrong-role', `${directory} is the home of a node: only a hub has members`);
    }
    await work(hub);
  });
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
