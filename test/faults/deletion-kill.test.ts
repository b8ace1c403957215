import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FEDEROME_MAIN, federomeOutput, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import { openNode } from '../../packages/node/src/main.ts';
import { draws, writeVcf } from './faulty-store.ts';

test('a deletion that is killed has not begun, or is complete after the next command', {
  timeout: 120_000,
}, async () => {
  const scratch = await temporaryDirectory();
  const home = join(scratch, 'whole');
  await federomeOutput('init', home, '--country', 'EE');
  await federomeOutput('dataset', 'add', home, 'd', '--assembly', 'GRCh38');
  const file = await writeVcf(join(scratch, 'a.vcf'), 'a', { people: 500, sites: 3_000 });
  await federomeOutput('ingest', home, '--dataset', 'd', file);
  const draw = draws(20_261_123);
  const outcomes = { whole: 0, deleted: 0 };
  for (let round = 0; round < 10; round += 1) {
    const copy = join(scratch, `round-${round}`);
    await cp(home, copy, { recursive: true });
    const command = spawn(process.execPath, [FEDEROME_MAIN, 'dataset', 'delete', copy, 'd', '--yes'], {
      stdio: 'ignore',
    });
    const exit = once(command, 'exit');
    // The moment is counted from when the deletion is recorded, or from the start where the draw says so.
    while (round % 3 > 0 && !existsSync(join(copy, 'deletions')) && command.exitCode === null) await delay(1);
    await delay(round % 3 > 0 ? draw() * 30 : draw() * 300);
    command.kill('SIGKILL');
    await exit;
    const node = await openNode(copy);
    const store = await node.datasets.genotypes('d');
    const { faults } = await node.datasets.verify('d');
    expect([faults, await node.deletions.verify()]).toEqual([[], []]);
    const events = (await node.records.events(0, 100)).filter(({ type }) => type === 'genotypes-deleted');
    if (store.variantCount() === 0) outcomes.deleted += 1;
    else outcomes.whole += 1;
    expect([store.variantCount(), events.length]).toEqual(events.length === 0 ? [3_000, 0] : [0, 1]);
    await node.close();
  }
  expect(outcomes.deleted).toBeGreaterThan(2);
});
