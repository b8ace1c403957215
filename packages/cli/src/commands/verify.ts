import { stat } from 'node:fs/promises';
import type { FederomeNode } from '@federome/node';
import type { Command } from 'commander';
import { addPolicyOptions } from '../ledger/policy.ts';
import type { VerifyLogOptions } from '../ledger/verify-elsewhere.ts';
import { withNode } from '../terminal/node.ts';
import { type OutputOptions, type Row, writeRows } from '../terminal/output.ts';

const COLUMNS = ['store', 'files', 'bytes', 'sites', 'entries', 'faults'];

export function register(program: Command): void {
  const verify = program
    .command('verify')
    .description(
      'read everything that a node stores, a receipt, or a ledger elsewhere, and say what does not hold',
    )
    .argument('<what>', 'home of a node, file of a receipt, or URL of a node or hub');
  addPolicyOptions(verify)
    .option('--since <file>', 'of a URL: a head that was remembered, which the ledger has to continue')
    .option('--remember <file>', 'of a URL: keep the head that was verified')
    .option('--json', 'answer in JSON')
    .action(async (what: string, options: VerifyLogOptions) => {
      if (/^https?:\/\//.test(what)) {
        const { verifyUrl } = await import('../ledger/verify-elsewhere.ts');
        return await verifyUrl(what, options);
      }
      const isFile = await stat(what).then(
        (found) => found.isFile(),
        () => false,
      );
      if (!isFile) return await verifyDirectory(what, options);
      const { verifyReceiptFile } = await import('../ledger/verify-elsewhere.ts');
      await verifyReceiptFile(what, options);
    });
}

async function verifyDirectory(directory: string, options: OutputOptions): Promise<void> {
  await withNode(directory, async (node) => {
    const rows: Row[] = [];
    const faults: string[] = [];
    const add = (row: Row, found: readonly string[]) => {
      rows.push({ ...row, faults: found.length });
      faults.push(...found);
    };
    add({ store: 'records' }, await node.records.check());
    add({ store: 'deletions' }, await node.deletions.verify());
    const ledger = await verifyLedger(node);
    add({ store: 'ledger', entries: ledger.entries }, ledger.faults);
    for (const { id } of await node.datasets.list()) {
      const { files, bytes, sites, faults: found } = await node.datasets.verify(id);
      const told = found.map(({ error }) => error.describe());
      add({ store: `genotypes of ${id}`, files, bytes, sites }, told);
    }
    await writeRows(COLUMNS, rows, options);
    if (faults.length === 0) return;
    for (const fault of faults) process.stderr.write(`federome: ${fault}\n`);
    const { NodeError } = await import('@federome/node');
    throw new NodeError('node/store', `${faults.length} faults in what ${directory} stores`);
  });
}

/** Log, records, cosignatures, pinned states of genotype stores, and what was seen of forks. */
async function verifyLedger({ ledger, config }: FederomeNode) {
  const parts = await ledger.parts();
  const verified = await parts.verify(await parts.keysOf(config.id));
  const alarms = (await parts.alarms.list()).filter(({ origin }) => origin === config.id);
  const seen = alarms.map(
    ({ kind, source, seenAt }) => `ledger: ${source} showed a ${kind} of it at ${seenAt}`,
  );
  return { ...verified, faults: [...verified.faults, ...(await parts.pins.faults()), ...seen] };
}
