/**
 * Entry of a process that runs one `federome` command for a demonstration and ends with whoever started it: when the
 * channel to the parent closes, even because the parent was killed, it is told to terminate, and after three seconds it
 * ends in any case.
 */
import { main } from '../main.ts';

const GRACE_MS = 3_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel alone keeps no finished command alive.
process.channel?.unref();

process.exitCode = await main(process.argv.slice(2));
