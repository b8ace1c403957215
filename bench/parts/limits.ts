import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { PLINK_PROGRAM } from '../programs/peers.ts';
import { measure, median, type Run } from '../run/measure.ts';
import type { Bench, Findings } from './part.ts';
import { countPlanes } from './popcount.ts';

/** Text of a BGZF block, at most. */
const BLOCK_BYTES = 65_536;

export const START = {
  node: 'start of Node',
  bcftools: 'start of bcftools',
  plink2: 'start of plink2',
} as const;
export const LIMIT = {
  memory: 'memory, read and written',
  popcount: 'AND and population count of bitmaps, WASM',
  inflate: 'inflate of genotypes, node:zlib',
  inflateRich: 'inflate of GT:AD:DP:GQ, node:zlib',
  write: 'disk, written and synced',
  read: 'disk, read',
} as const;

/** What this machine can do, in GB/s, and what the start of each program costs, in CPU seconds. */
export async function machineLimits(bench: Bench): Promise<Findings> {
  bench.say('limits of the machine');
  const [plain, rich] = [await bench.study('10k'), await bench.study('10k-rich')];
  const start = async (command: readonly string[]): Promise<number> => {
    const runs: Run[] = [];
    for (let repeat = 0; repeat < 5; repeat += 1) runs.push(await measure(command));
    return median(runs).cpuSeconds;
  };
  return {
    limits: {
      [LIMIT.memory]: copied(),
      [LIMIT.popcount]: best(3, countPlanes),
      [LIMIT.inflate]: inflated(`${plain.stem}.vcf.gz`),
      [LIMIT.inflateRich]: inflated(`${rich.stem}.vcf.gz`),
      ...disk(join(bench.work, 'disk')),
      [START.node]: await start([process.execPath, '-e', '0']),
      [START.bcftools]: await start(['bcftools', '--version']),
      [START.plink2]: await start([PLINK_PROGRAM, '--version']),
    },
  };
}

function copied(): number {
  const from = new Uint8Array(256 << 20).fill(1);
  const to = new Uint8Array(from.length).fill(2);
  return best(3, () => {
    to.set(from);
    return 2 * from.length;
  });
}

/** Text of a BGZF file that node:zlib inflates, block by block. */
function inflated(path: string): number {
  const bytes = readFileSync(path);
  return best(3, () => {
    let text = 0;
    for (let at = 0; at < bytes.length; ) {
      const size = bytes.readUInt16LE(at + 16) + 1;
      text += inflateRawSync(bytes.subarray(at + 18, at + size - 8), { chunkSize: BLOCK_BYTES }).length;
      at += size;
    }
    return text;
  });
}

function disk(path: string): Record<string, number> {
  const chunk = Buffer.alloc(8 << 20, 1);
  const chunks = 64;
  const written = best(
    1,
    () => {
      const file = openSync(path, 'w');
      for (let index = 0; index < chunks; index += 1) writeSync(file, chunk);
      fsyncSync(file);
      closeSync(file);
      return chunks * chunk.length;
    },
    wallMs,
  );
  // Tells the system to forget the file's pages.
  spawnSync('dd', [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], { stdio: 'ignore' });
  const read = best(
    1,
    () => {
      const file = openSync(path, 'r');
      for (let index = 0; index < chunks; index += 1) readSync(file, chunk);
      closeSync(file);
      return chunks * chunk.length;
    },
    wallMs,
  );
  rmSync(path);
  return { [LIMIT.write]: written, [LIMIT.read]: read };
}

/** GB of `round`'s bytes a second of CPU (other work on the machine does not count), or of wall time; the best of some rounds. */
function best(rounds: number, round: () => number, clock: () => number = cpuMs): number {
  let fastest = 0;
  for (let index = 0; index < rounds; index += 1) {
    const started = clock();
    const bytes = round();
    fastest = Math.max(fastest, bytes / (clock() - started) / 1e6);
  }
  return fastest;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function wallMs(): number {
  return performance.now();
}
