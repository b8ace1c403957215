/**
 * Entry of a process that runs `federome` commands for a demonstration, one after the other with `;` between them, up to
 * the first that fails. It ends with whoever started it: when the channel to the parent closes, even because the parent
 * was killed, it is told to terminate, and after three seconds it ends in any case.
 */
import { main } from '../main.ts';

const GRACE_MS = 3_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel alone keeps no finished command alive.
process.channel?.unref();

const args = process.argv.slice(2);
while (args.length > 0 && !process.exitCode) {
  const end = args.indexOf(';');
  process.exitCode = await main(args.splice(0, end < 0 ? args.length : end));
  args.shift();
}
