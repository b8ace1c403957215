import { readFile } from 'node:fs/promises';
import { CodedError, type MemberDirectory } from '@federome/core';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list, wholeNumber } from '../terminal/options.ts';
import { type OutputOptions, write, writeRows } from '../terminal/output.ts';

interface ListOptions extends OutputOptions {
  readonly peer?: string;
  readonly limit: number;
}

interface VerifyOptions extends OutputOptions {
  readonly directory: readonly string[];
  readonly self?: string;
}

const COLUMNS = ['id', 'at', 'direction', 'peer', 'method', 'path', 'status'];

export function register(program: Command): void {
  const receipts = program.command('receipts').description('evidence of signed exchanges with other members');
  receipts
    .command('list')
    .description('the latest exchanges')
    .argument('<dir>', 'home of the node or hub')
    .option('--peer <member>', 'only those with this member')
    .option('--limit <n>', 'how many', wholeNumber(1, 100_000), 100)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, { peer, limit, ...options }: ListOptions) => {
      await withNode(directory, async (node) => {
        const found = await (await node.exchange()).receipts.list({ peer, limit });
        const rows = found.map(({ id, at, direction, peer, request, answer }) => {
          const path = new URL(request.target).pathname;
          return { id, at, direction, peer, method: request.method, path, status: answer.status };
        });
        await writeRows(COLUMNS, rows, options);
      });
    });
  receipts
    .command('show')
    .description('one exchange in JSON, as `receipts verify` and an auditor take it')
    .argument('<dir>', 'home of the node or hub')
    .argument('<id>', 'of the exchange; both members know it by the same')
    .action(async (directory: string, id: string) => {
      await withNode(directory, async (node) => {
        const found = await (await node.exchange()).receipts.get(id);
        await write(`${JSON.stringify(found, null, 2)}\n`);
      });
    });
  receipts
    .command('verify')
    .description('check receipts offline: who signed the request, and who the answer to it')
    .argument('<file...>', 'receipts in JSON')
    .requiredOption('--directory <file>', 'a version of the directory of members; may be repeated', list)
    .option('--self <member>', 'whose receipts they are said to be')
    .option('--json', 'answer in JSON')
    .action(async (files: readonly string[], options: VerifyOptions) => {
      const { verifyReceipt } = await import('@federome/node');
      const directories = await Promise.all(options.directory.map(readDirectory));
      const rows = [];
      for (const file of files) {
        for (const each of [await readJson(file)].flat()) {
          const { receipt, asked, answered } = verified(file, () =>
            verifyReceipt(each, options.self, directories),
          );
          rows.push({ file, id: receipt.id, at: receipt.at, asked: asked.id, answered: answered.id });
        }
      }
      await writeRows(['file', 'id', 'at', 'asked', 'answered'], rows, options);
    });
}

function verified<T>(file: string, verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new CodedError(error.code, error.message, { cause: error, location: { file } });
  }
}

/** As `GET /directory` serves it, or the directory alone. */
async function readDirectory(file: string): Promise<MemberDirectory> {
  const json = await readJson(file);
  const inner = isRecord(json) && isRecord(json.directory) ? json.directory : json;
  if (!isDirectory(inner)) {
    throw new CodedError('cli/bad-file', 'expected a directory of members', { location: { file } });
  }
  return inner;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new CodedError('cli/bad-file', why, { cause, location: { file } });
  }
}

/** What verification reads of it; the keys and signatures speak for the rest. */
function isDirectory(value: unknown): value is MemberDirectory {
  return (
    isRecord(value) &&
    typeof value.version === 'number' &&
    Array.isArray(value.members) &&
    value.members.every(
      (member: unknown) =>
        isRecord(member) &&
        typeof member.id === 'string' &&
        typeof member.url === 'string' &&
        Array.isArray(member.keys) &&
        member.keys.every((key: unknown) => isRecord(key) && isRecord(key.publicKey)),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
