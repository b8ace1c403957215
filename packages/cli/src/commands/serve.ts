import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list, wholeNumber } from '../terminal/options.ts';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly publicUrl?: string;
  readonly allowOrigin?: readonly string[];
  readonly trustProxy?: boolean;
  readonly requestsPerMinute?: number;
  readonly deadline: number;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command('serve')
    .description('answer as a Beacon v2, until interrupted')
    .argument('<dir>', 'home of the node or hub')
    .option('--port <n>', 'where to listen; 0 for any that is free', wholeNumber(0, 65_535), 5050)
    .option('--host <address>', 'on which of the machine’s addresses', '127.0.0.1')
    .option('--public-url <url>', 'where clients reach it, e.g. https://beacon.example.org')
    .option('--allow-origin <origin>', 'pages from there may ask; may be repeated', list)
    .option('--trust-proxy', 'believe the proxy in front about who the client is')
    .option('--requests-per-minute <n>', 'that one client may make', wholeNumber(1, 1_000_000))
    .option('--deadline <ms>', 'of a hub: how long its members may take', wholeNumber(10, 600_000), 3_000)
    .option('--quiet', 'do not log requests')
    .action(async (directory: string, options: Options) => {
      await withNode(
        directory,
        async (node) => {
          const { serveNode } = await import('@federome/node');
          const server = await serveNode(node, {
            host: options.host,
            port: options.port,
            publicUrl: options.publicUrl?.replace(/\/+$/, ''),
            allowedOrigins: options.allowOrigin,
            trustProxy: options.trustProxy,
            requestsPerMinute: options.requestsPerMinute,
            log: options.quiet ? undefined : process.stderr,
          });
          process.stdout.write(`${node.config.name} answers at ${server.url}\n`);
          await interrupted();
          await server.close();
        },
        { deadlineMs: options.deadline },
      );
    });
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
