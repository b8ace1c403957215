import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What one run of a program cost. */
export interface Run {
  /** User and system seconds of the process and of whom it waited for, its start included (to 1 ms). */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** The greatest resident memory of a process, as the system last said (every 10 ms); 0 where it ended sooner. */
  readonly peakMegabytes: number;
}

/** Bash's `time` says milliseconds; the shell's `times` only hundredths. */
const TIMED = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null';
const SAMPLE_MS = 10;

/** Runs a command once; throws where it fails. */
export async function measure(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const started = performance.now();
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env, LC_ALL: 'C' },
  });
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  let peakMegabytes = 0;
  const sampling = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakBelow(child.pid ?? 0));
  }, SAMPLE_MS);
  const [code] = await once(child, 'close');
  clearInterval(sampling);
  const wallSeconds = (performance.now() - started) / 1_000;
  if (code !== 0) throw new Error(`${command.join(' ')} failed: ${errors.slice(-800)}`);
  const times = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(errors);
  if (times === null) throw new Error(`no times of ${command.join(' ')}: ${errors.slice(-800)}`);
  return { cpuSeconds: Number(times[1]) + Number(times[2]), wallSeconds, peakMegabytes };
}

/** The run whose CPU time is in the middle. */
export function median(runs: readonly Run[]): Run {
  if (runs.length === 0) throw new RangeError('no runs');
  return runs.toSorted((a, b) => a.cpuSeconds - b.cpuSeconds)[runs.length >> 1]!;
}

/** Greatest high-water mark, in MB, among the processes below one; 0 where there are none (yet, or any more). */
function peakBelow(parent: number): number {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    return Math.max(
      0,
      ...children.split(' ').map((child) => Math.max(peakOf(child), peakBelow(Number(child)))),
    );
  } catch {
    return 0;
  }
}

function peakOf(process: string): number {
  const status = readFileSync(`/proc/${process}/status`, 'utf8');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
}
