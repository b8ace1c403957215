import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { wholeNumber } from '../terminal/options.ts';
import { type OutputOptions, report, write, writeRows } from '../terminal/output.ts';

interface ListOptions extends OutputOptions {
  readonly limit: number;
  readonly before?: number;
  readonly type?: string;
}

const index = wholeNumber(0, Number.MAX_SAFE_INTEGER);

export function register(program: Command): void {
  const ledger = program.command('ledger').description('what happened at a node or hub, provable');
  const onHome = (name: string, description: string) =>
    ledger
      .command(name)
      .description(description)
      .argument('<dir>', 'home of the node or hub')
      .option('--json', 'answer in JSON');
  registerReading(onHome);
  onHome('erase', 'remove an event and its salt for good; its entry stays, and says nothing any more')
    .argument('<entry>', 'its number', index)
    .requiredOption('--reason <text>', 'why, for the ledger; names nobody')
    .action(
      async (directory: string, entry: number, options: OutputOptions & { readonly reason: string }) => {
        await withNode(directory, async (node) => {
          await (await node.ledger.parts()).records.erase(entry, options.reason);
          await report(`the event of entry ${entry} is erased`, { erased: entry }, options);
        });
      },
    );
}

function registerReading(onHome: (name: string, description: string) => Command): void {
  onHome('status', 'how much is in the log, who cosigned it, what waits, and forks that were seen').action(
    async (directory: string, options: OutputOptions) => {
      await withNode(directory, async (node) => {
        const status = await (await node.ledger.parts()).status();
        if (options.json) return await write(`${JSON.stringify(status, null, 2)}\n`);
        const { origin, entries, pending, cosigned, quorum, waitingSince, overdue, alarms } = status;
        const by = cosigned.by.map(({ member, at }) => `${member} (${at})`).join(', ');
        const lines = [
          `${origin}: ${entries} entries, ${pending} pending`,
          `cosigned up to ${cosigned.entries} by ${by || 'nobody'}; ${quorum.needed} of ${quorum.of} nodes have to`,
          ...(waitingSince === undefined
            ? []
            : [`waits for cosignatures since ${waitingSince}${overdue ? ', which is too long' : ''}`]),
          ...alarms.map(
            ({ kind, origin: log, source, seenAt }) => `ALARM: ${kind} of ${log}, by ${source}, ${seenAt}`,
          ),
        ];
        await write(`${lines.join('\n')}\n`);
      });
    },
  );
  onHome('list', 'events, the latest first')
    .option('--limit <n>', 'how many', wholeNumber(1, 10_000), 50)
    .option('--before <entry>', 'only earlier ones', index)
    .option('--type <type>', 'only such ones, e.g. data/used')
    .action(async (directory: string, { limit, before, type, json }: ListOptions) => {
      await withNode(directory, async (node) => {
        const entries = await (await node.ledger.parts()).records.list({ limit, before, type });
        const rows = entries.map(({ index: entry, type: of, at, event, erasedAt }) => ({
          entry,
          at,
          type: of,
          data: event === undefined ? `erased ${erasedAt}` : JSON.stringify(event.data),
        }));
        await writeRows(['entry', 'at', 'type', 'data'], rows, { json });
      });
    });
  onHome('show', 'one event, in JSON')
    .argument('<entry>', 'its number', index)
    .action(async (directory: string, entry: number) => {
      await withNode(directory, async (node) => {
        const shown = await (await node.ledger.parts()).records.show(entry);
        await write(`${JSON.stringify(shown, null, 2)}\n`);
      });
    });
  onHome('receipt', 'a proof of one event, which `federome verify` checks offline')
    .argument('<entry>', 'its number', index)
    .option('--to <file>', 'where to write it; standard output unless given')
    .action(async (directory: string, entry: number, options: OutputOptions & { readonly to?: string }) => {
      await withNode(directory, async (node) => {
        const receipt = await (await node.ledger.parts()).records.receipt(entry);
        const text = `${JSON.stringify(receipt, null, 2)}\n`;
        if (options.to === undefined) return await write(text);
        await writeFile(options.to, text, { mode: 0o600 });
        await report(`receipt of entry ${entry} in ${options.to}`, { entry, file: options.to }, options);
      });
    });
  onHome('policy', 'keys and quorum by which others verify a ledger of the network (C2SP tlog-policy)')
    .argument('[member]', 'whose ledger; the node’s own unless given')
    .action(async (directory: string, member: string | undefined) => {
      const { formatPolicy, quorumOf } = await import('@federome/tlog');
      await withNode(directory, async (node) => {
        const { logKeys, witnessKeys, needed } = await (await node.ledger.parts()).keysOf(
          member ?? node.config.id,
        );
        await write(formatPolicy(quorumOf(needed, logKeys, witnessKeys)));
      });
    });
}
