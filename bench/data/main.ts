// Writes studies of the protocol: `node bench/data/main.ts DIRECTORY [--small] NAME...` (all where none is named).
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { haveStudy } from './have-study.ts';
import { STUDY_NAMES, studyOf } from './studies.ts';

const { values, positionals } = parseArgs({
  options: { small: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [directory, ...named] = positionals;
if (directory === undefined) throw new Error('usage: node bench/data/main.ts DIRECTORY [--small] [NAME...]');
const unknown = named.find((name) => !STUDY_NAMES.some((known) => known === name));
if (unknown !== undefined) throw new Error(`no study ${unknown}; there are ${STUDY_NAMES.join(', ')}`);
for (const name of STUDY_NAMES) {
  if (named.length > 0 && !named.includes(name)) continue;
  const shape = studyOf(name, values.small ? 'small' : 'full');
  const started = performance.now();
  await haveStudy(directory, name, shape, availableParallelism());
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`${name}: ${shape.people} people x ${shape.sites} sites in ${seconds} s`);
}
