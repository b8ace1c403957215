import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Measured {
  /** User and system seconds, of the process and of whom it waited for. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Greatest resident memory where the process says it. */
  readonly peakMegabytes: number | undefined;
}

/** Runs a command once; throws where it fails. CPU time is the shell's `times` of its child (0.01 s). */
export async function measure(command: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn('sh', ['-c', '"$@" >/dev/null || exit 1; times', 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  const [code] = await once(child, 'close');
  const wallSeconds = (performance.now() - started) / 1_000;
  if (code !== 0) throw new Error(`${command.join(' ')} failed: ${errors.slice(-500)}`);
  const children = out.trim().split('\n')[1] ?? '';
  const peak = /^peak (\d+)$/m.exec(errors)?.[1];
  return {
    cpuSeconds: [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
      (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
      0,
    ),
    wallSeconds,
    peakMegabytes: peak === undefined ? undefined : Number(peak) / 1_024,
  };
}

/** The run whose CPU time is in the middle. */
export function median(runs: readonly Measured[]): Measured {
  return runs.toSorted((a, b) => a.cpuSeconds - b.cpuSeconds)[runs.length >> 1]!;
}
