import type { SigningPurpose } from '@federome/node';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { writeRows } from '../terminal/output.ts';
import { listSigning, purposeOption, registerSigning, rotateSigning } from './signing-keys.ts';

interface Options {
  readonly json?: boolean;
  readonly purpose?: SigningPurpose;
  readonly signing?: boolean;
}

export function register(program: Command): void {
  const keys = program
    .command('keys')
    .description('the keys with which a node encrypts what it stores, and signs');
  keys
    .command('list')
    .description('list the keys and what each opens; never the keys themselves')
    .argument('<dir>', 'home of the node')
    .option('--signing', 'list the keys that sign instead: purpose, state, algorithm, age')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: Options) => {
      if (options.signing) return await listSigning(directory, options);
      await withNode(directory, async (node) => {
        const users = new Map<string | undefined, string>();
        for (const { id } of await node.datasets.list())
          users.set((await node.datasets.genotypes(id)).key, id);
        const rows = (await node.keys.list()).map((key) => ({ ...key, dataset: users.get(key.id) }));
        await writeRows(['id', 'purpose', 'createdAt', 'dataset'], rows, options);
      });
    });
  keys
    .command('rotate')
    .description('put every dataset under a new key and destroy the old ones; readers and servers go on')
    .argument('<dir>', 'home of the node')
    .addOption(purposeOption())
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: Options) => {
      if (options.purpose !== undefined) return await rotateSigning(directory, options.purpose, options);
      await withNode(directory, async (node) => {
        const rotated = await node.datasets.rotateKeys();
        await writeRows(
          ['dataset', 'key'],
          rotated.map((row) => ({ ...row, key: row.key ?? 'plain' })),
          options,
        );
      });
    });
  registerSigning(keys);
}
