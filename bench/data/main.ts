// Writes studies of the protocol: `node bench/data/main.ts DIRECTORY NAME...` (all of them where none is named).
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { STUDIES } from './studies.ts';
import { writeStudy } from './study.ts';

const [directory, ...names] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: node bench/data/main.ts DIRECTORY [NAME...]');
await mkdir(directory, { recursive: true });
for (const name of names.length > 0 ? names : Object.keys(STUDIES)) {
  const shape = STUDIES[name];
  if (shape === undefined) throw new Error(`no study ${name}; there are ${Object.keys(STUDIES).join(', ')}`);
  const started = performance.now();
  await writeStudy(join(directory, name), shape, availableParallelism());
  console.log(
    `${name}: ${shape.people} people x ${shape.sites} sites in ${((performance.now() - started) / 1_000).toFixed(0)} s`,
  );
}
