// `npm run bench -- log`: the tiled log beside SQLite in one run; docs/benchmarks.md says what and how.
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import {
  DirectoryStorage,
  leafHash,
  noteKey,
  parseCheckpoint,
  parseNote,
  rawPublicKey,
  TileLog,
  verifyInclusion,
} from '@federome/tlog';

const ORIGIN = 'bench.example/log';
const WRITERS = 256;
const APPENDS = 40_000;
const SINGLE = 400;
const PROOFS = 3_000;
const ENTRY_BYTES = 120;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
let signatures = 0;
const signer = {
  key: noteKey(ORIGIN, rawPublicKey(publicKey)),
  sign: async (message: Uint8Array) => {
    signatures += 1;
    return sign(null, message, privateKey);
  },
};
const open = (directory: string) =>
  TileLog.open({ origin: ORIGIN, signers: [signer], storage: new DirectoryStorage(directory) });
const entryOf = (index: number) => Buffer.from(`entry ${index} `.padEnd(ENTRY_BYTES, '.'));

/** Runs every part and prints a table; all of it is durable on the disk of `--home`. */
export async function benchLog(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      home: { type: 'string', default: join(tmpdir(), 'federome-bench') },
      entries: { type: 'string', default: '10000000' },
      repeats: { type: 'string', default: '3' },
    },
  });
  const home = join(values.home, `log-${process.pid}`);
  await mkdir(home, { recursive: true });
  try {
    await appends(home, Number(values.repeats));
    await proofs(join(home, 'large'), Number(values.entries));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function appends(home: string, repeats: number): Promise<void> {
  const rates: Record<string, number[]> = {};
  const note = (name: string, rate: number) => {
    rates[name] = [...(rates[name] ?? []), rate];
  };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const { rate, commits } = await appendTogether(join(home, `log-${repeat}`));
    note(`log, ${WRITERS} writers at once`, rate);
    note('entries a commit', APPENDS / commits);
    note(
      'SQLite, as many entries in as many commits',
      sqliteRate(join(home, `a${repeat}.db`), APPENDS, commits),
    );
    note('log, one after the other', await appendSingly(join(home, `single-${repeat}`)));
    note('SQLite, one after the other', sqliteRate(join(home, `b${repeat}.db`), SINGLE, SINGLE));
  }
  for (const [name, values] of Object.entries(rates))
    say(name, middle(values), name.includes('commit') && !name.startsWith('SQLite') ? '' : 'a second');
}

async function appendTogether(directory: string): Promise<{ rate: number; commits: number }> {
  const log = await open(directory);
  const before = signatures;
  let next = 0;
  const seconds = await secondsOf(async () => {
    const writer = async () => {
      while (next < APPENDS) await log.append([entryOf(next++)]);
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  });
  if (log.size !== APPENDS) throw new Error(`the log has ${log.size} entries`);
  await log.close();
  return { rate: APPENDS / seconds, commits: signatures - before };
}

async function appendSingly(directory: string): Promise<number> {
  const log = await open(directory);
  const seconds = await secondsOf(async () => {
    for (let index = 0; index < SINGLE; index += 1) await log.append([entryOf(index)]);
  });
  await log.close();
  return SINGLE / seconds;
}

/** Inserts a second of a table that does nothing but keep the entries, every commit synced. */
function sqliteRate(path: string, entries: number, commits: number): number {
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entry (id INTEGER PRIMARY KEY, bytes BLOB)',
  );
  const insert = database.prepare('INSERT INTO entry (bytes) VALUES (?)');
  const began = performance.now();
  let index = 0;
  for (let commit = 1; commit <= commits; commit += 1) {
    database.exec('BEGIN');
    for (; index < (entries * commit) / commits; index += 1) insert.run(entryOf(index));
    database.exec('COMMIT');
  }
  const seconds = (performance.now() - began) / 1000;
  database.close();
  return entries / seconds;
}

async function proofs(directory: string, entries: number): Promise<void> {
  const first = await open(directory);
  function* all() {
    for (let index = 0; index < entries; index += 1) yield entryOf(index);
  }
  say(`import of ${entries} entries`, await secondsOf(() => first.importEntries(all())), 's');
  await first.close();
  const began = performance.now();
  const log = await open(directory);
  say('opening that log', performance.now() - began, 'ms');
  const { root, size } = parseCheckpoint(parseNote(log.checkpoint).text);
  const ms: number[] = [];
  const cpu = process.cpuUsage();
  let state = 1;
  for (let proof = 0; proof < PROOFS; proof += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const index = Math.floor((state / 2 ** 32) * size);
    const began = performance.now();
    const hashes = await log.tree().inclusionProof(index);
    ms.push(performance.now() - began);
    verifyInclusion(hashes, { index, size, leaf: leafHash(entryOf(index)), root });
  }
  const { user, system } = process.cpuUsage(cpu);
  await log.close();
  ms.sort((left, right) => left - right);
  say('inclusion proof, median', ms[PROOFS >> 1]!, 'ms');
  say('inclusion proof, 99 of 100', ms[Math.floor(PROOFS * 0.99)]!, 'ms');
  say('CPU of a proof and its verification', (user + system) / 1000 / PROOFS, 'ms');
  say('inclusion proof, slowest', ms[PROOFS - 1]!, 'ms');
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const middle = (values: readonly number[]) =>
  values.toSorted((left, right) => left - right)[values.length >> 1]!;

function say(what: string, value: number, unit: string): void {
  const digits = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  console.log(`${what.padEnd(46)} ${digits.padStart(9)} ${unit}`);
}
