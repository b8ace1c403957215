/** Records events in the ledger of a home until it is killed, and says each that was acknowledged: its place and its name. */
import { writeSync } from 'node:fs';
import { openNode } from '@federome/node/open';

const [home = '', name = '', count = 'Infinity'] = process.argv.slice(2);
const STREAMS = 20;
const node = await openNode(home);
let next = 0;

async function recordOn(): Promise<void> {
  while (next < Number(count)) {
    const event = `${name}-${next++}`;
    const at = new Date().toISOString();
    const index = await node.ledger.ledger.record({ type: 'data/used', at, data: { event } });
    writeSync(1, `${index} ${event}\n`);
  }
}

await Promise.all(Array.from({ length: STREAMS }, recordOn));
await node.close();
