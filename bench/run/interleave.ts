import { measure, type Run } from './measure.ts';

/** A program that is measured beside others. */
export interface Task {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it takes more CPU than this it is run once; else the bound of all tasks. */
  readonly slowSeconds?: number;
  /** Before every run, not measured. */
  readonly prepare?: () => Promise<void>;
  /** After every run, not measured; throws where what the program made is wrong. */
  readonly check?: () => Promise<void>;
}

/** What may be changed of how tasks are run. */
export interface Interleaving {
  readonly repeats: number;
  /** A task that takes more CPU than this is run once. */
  readonly slowSeconds: number;
  readonly onRun?: (task: string, repeat: number) => void;
}

/** Runs tasks in turn, A B C A B C …; a task whose check fails ends all. */
export async function interleave(
  tasks: readonly Task[],
  { repeats, slowSeconds, onRun }: Interleaving,
): Promise<Record<string, Run[]>> {
  const runs: Record<string, Run[]> = {};
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const { name, command, env, prepare, check, slowSeconds: ownSlow } of tasks) {
      runs[name] ??= [];
      const own = runs[name];
      if (own[0] !== undefined && own[0].cpuSeconds > (ownSlow ?? slowSeconds)) continue;
      onRun?.(name, repeat);
      await prepare?.();
      own.push(await measure(command, env));
      await check?.();
    }
  }
  return runs;
}
