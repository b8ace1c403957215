import { readFile } from 'node:fs/promises';
import { isRole, type Role } from '@federome/core';
import { type Command, InvalidArgumentError } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list } from '../terminal/options.ts';
import { type OutputOptions, report, writeRows } from '../terminal/output.ts';

interface AddOptions extends OutputOptions {
  readonly key: string;
  readonly name?: string;
  readonly role?: readonly string[];
  readonly redirect?: readonly string[];
}

export function register(program: Command): void {
  const client = program
    .command('client')
    .description('machines that log in at the embedded provider with a key of their own');
  client
    .command('add')
    .description('register a machine by its public key')
    .argument('<dir>', 'home of the node or hub')
    .argument('<id>', 'client id')
    .requiredOption('--key <file>', 'public key, as JWK')
    .option('--name <name>', 'what it is; the id unless given')
    .option('--role <role>', 'that it has at this node; may be repeated', list)
    .option('--redirect <url>', 'where people come back to whom it sends to log in; may be repeated', list)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, id: string, options: AddOptions) => {
      const roles = (options.role ?? []).map(roleOf);
      await withNode(directory, async ({ identity }) => {
        const { NodeError } = await import('@federome/node');
        const text = await readFile(options.key, 'utf8').catch((cause: unknown) => {
          throw new NodeError('node/bad-client', 'the key cannot be read', {
            cause,
            location: { file: options.key },
          });
        });
        const jwk = objectOf(text);
        if (jwk === undefined) {
          throw new NodeError('node/bad-client', 'expected a JWK', { location: { file: options.key } });
        }
        const service = await identity.service();
        const redirectUris = options.redirect ?? [];
        await service.addClient({ id, name: options.name ?? id, jwk, redirectUris }, roles);
        await report(`${id} is registered`, { id, roles }, options);
      });
    });
  client
    .command('list')
    .description('every machine that is registered')
    .argument('<dir>', 'home of the node or hub')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions) => {
      await withNode(directory, async ({ identity }) => {
        const clients = await (await identity.service()).clients();
        const rows = clients.map(({ id, name, createdAt }) => ({ id, name, createdAt }));
        await writeRows(['id', 'name', 'createdAt'], rows, options);
      });
    });
  client
    .command('remove')
    .description('strike a machine off, with its roles: it gets no further token')
    .argument('<dir>', 'home of the node or hub')
    .argument('<id>', 'client id')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, id: string, options: OutputOptions) => {
      await withNode(directory, async ({ identity }) => {
        await (await identity.service()).removeClient(id);
        await report(`${id} is registered no longer`, { removed: id }, options);
      });
    });
}

function roleOf(text: string): Role {
  if (isRole(text)) return text;
  throw new InvalidArgumentError(`${text} is no role.`);
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
