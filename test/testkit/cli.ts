import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command as npm links it, run by the Node that runs the tests. */
export const FEDEROME_MAIN = fileURLToPath(new URL('../../packages/cli/bin/federome.mjs', import.meta.url));

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `federome` command as its own process and waits for its end, whatever it is. */
export function federome(...args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [FEDEROME_MAIN, ...args], { maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ exitCode, stdout, stderr });
    });
  });
}

/** As `federome`, for commands that must succeed; throws what they wrote to standard error. */
export async function federomeOutput(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await federome(...args);
  if (exitCode !== 0) throw new Error(`federome ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return stdout;
}
