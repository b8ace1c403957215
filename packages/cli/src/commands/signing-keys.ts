import type { AllowedPurpose, SigningKey, SigningPurpose } from '@federome/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withNode } from '../terminal/node.ts';
import { report, writeRows } from '../terminal/output.ts';

const PURPOSES: readonly SigningPurpose[] = ['visa', 'identity', 'request', 'ledger', 'witness', 'directory'];
/** Days after which a rotation is due. */
const LIFETIME: Readonly<Record<SigningPurpose, number>> = {
  visa: 180,
  identity: 180,
  request: 365,
  ledger: 730,
  witness: 730,
  directory: 730,
};
const DAY_MS = 86_400_000;

interface Given {
  readonly purpose: SigningPurpose;
  readonly json?: boolean;
}

/** An option for the purpose of a signing key. */
export function purposeOption(): Option {
  return new Option('--purpose <purpose>', 'what the key signs').choices(PURPOSES);
}

/** Registers what is done with keys that sign. */
export function registerSigning(keys: Command): void {
  keys
    .command('prepare')
    .description('make the next key of a purpose: it is published, and signs after keys rotate')
    .argument('<dir>', 'home of the node')
    .addOption(purposeOption().makeOptionMandatory())
    .option('--json', 'answer in JSON')
    .action(async (directory: string, { purpose, json }: Given) => {
      await withNode(directory, async (node) => {
        const key = await node.keys.prepare(purpose, new Date());
        await node.ledger.ledger.record({
          type: 'key/prepared',
          data: { purpose, key: key.id },
          at: new Date().toISOString(),
        });
        await writeRows(COLUMNS, [row(key)], { ...(json && { json }) });
      });
    });
  keys
    .command('retire')
    .description('destroy a key that signs no more; what it signed is no longer verified')
    .argument('<dir>', 'home of the node')
    .argument('<key>', 'its id, from keys list --signing')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, key: string, options: { readonly json?: boolean }) => {
      await withNode(directory, async (node) => {
        await node.keys.retire(key);
        await node.ledger.ledger.record({ type: 'key/retired', data: { key }, at: new Date().toISOString() });
        await report(`${key} is destroyed`, { key }, options);
      });
    });
  keys
    .command('passphrase')
    .description('change the passphrase of key files; the keys stay as they are')
    .argument('<keys>', 'the directory of the keys')
    .requiredOption('--from-file <file>', 'holds the passphrase of now')
    .requiredOption('--to-file <file>', 'holds the new one')
    .action(async (directory: string, options: { readonly fromFile: string; readonly toFile: string }) => {
      const { changePassphrase, readPassphrase } = await import('@federome/node');
      const [from, to] = [await readPassphrase(options.fromFile), await readPassphrase(options.toFile)];
      await changePassphrase(directory, from, to);
      await report(`${directory} has a new passphrase`, { keys: directory }, {});
    });
  keys
    .command('serve')
    .description('hold the keys in a process of their own, and answer on a socket; ends with SIGTERM')
    .argument('<keys>', 'the directory of the keys, made where it is absent')
    .requiredOption('--socket <path>', 'the socket, in a directory of mode 0700')
    .option('--allow <purposes>', 'data and what is signed, with commas: all unless given', allowedOf)
    .action(
      async (
        directory: string,
        given: { readonly socket: string; readonly allow?: readonly AllowedPurpose[] },
      ) => {
        const { serveKeysOf } = await import('@federome/node');
        const server = await serveKeysOf(directory, given.socket, process.env, given.allow);
        await report(`keys are served at ${given.socket}`, { socket: given.socket }, {});
        await new Promise<void>((resolve) => {
          process.once('SIGTERM', () => resolve());
          process.once('SIGINT', () => resolve());
        });
        await server.close();
      },
    );
}

/** Makes the next key of a purpose the one that signs. */
export async function rotateSigning(
  directory: string,
  purpose: SigningPurpose,
  options: { readonly json?: boolean },
) {
  await withNode(directory, async (node) => {
    const [before] = await node.keys.signingKeys(purpose);
    const key = await node.keys.rotate(purpose, new Date());
    const data = { purpose, key: key.id, before: before?.id ?? '' };
    await node.ledger.ledger.record({ type: 'key/rotated', data, at: new Date().toISOString() });
    await writeRows(COLUMNS, [row(key)], options);
  });
}

/** Lists the keys that sign, and says which are old. */
export async function listSigning(directory: string, options: { readonly json?: boolean }) {
  await withNode(directory, async (node) => {
    const held = await Promise.all(PURPOSES.map((purpose) => node.keys.signingKeys(purpose)));
    await writeRows(COLUMNS, held.flat().map(row), options);
  });
}

const COLUMNS = ['id', 'purpose', 'state', 'algorithm', 'createdAt', 'ageDays', 'hint'] as const;

function row({ id, purpose, state, algorithm, createdAt }: SigningKey) {
  const ageDays = Math.floor((Date.now() - Date.parse(createdAt)) / DAY_MS);
  const isOld = state === 'current' && ageDays > LIFETIME[purpose];
  const hint = isOld ? `older than ${LIFETIME[purpose]} days: keys prepare, then keys rotate` : '';
  return { id, purpose, state, algorithm, createdAt, ageDays, hint };
}

function allowedOf(text: string): readonly AllowedPurpose[] {
  return text.split(',').map((name) => {
    const known = (['data', ...PURPOSES] as const).find((purpose) => purpose === name.trim());
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`expected some of data,${PURPOSES.join(',')}`);
  });
}
