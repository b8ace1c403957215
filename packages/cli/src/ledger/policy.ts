import { readFile } from 'node:fs/promises';
import { NodeError } from '@federome/node';
import { type Policy, parsePolicy, parseVerifierKey, quorumOf } from '@federome/tlog';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { repeated, wholeNumber } from '../terminal/options.ts';

/** Where the keys come from that somebody believes. */
export interface PolicyOptions {
  readonly policy?: string;
  readonly key?: readonly string[];
  readonly witness?: readonly string[];
  readonly quorum?: number;
  readonly home?: string;
}

export function addPolicyOptions(command: Command): Command {
  return command
    .option('--key <vkey>', 'of a receipt or URL: the log’s verifier key; may be repeated', repeated)
    .option('--witness <vkey>', 'verifier key of a witness that counts; may be repeated', repeated)
    .option('--quorum <k>', 'how many of them must have cosigned; all unless given', wholeNumber(0, 256))
    .option('--policy <file>', 'keys and quorum from a file (C2SP tlog-policy) instead')
    .option('--home <dir>', 'keys and quorum from the directory of members that a node has instead');
}

/** What whoever verifies believes of the log `origin`. Throws `node/bad-request` where nothing is given to believe. */
export async function believedPolicy(options: PolicyOptions, origin: string): Promise<Policy> {
  if (options.policy !== undefined) return parsePolicy(await readFile(options.policy, 'utf8'));
  if (options.home !== undefined) {
    return await withNode(options.home, async ({ ledger }) => {
      const { logKeys, witnessKeys, needed } = await (await ledger.parts()).keysOf(origin);
      if (logKeys.length === 0) throw nothing(`${origin} is no member of the network of ${options.home}`);
      return quorumOf(options.quorum ?? needed, logKeys, witnessKeys);
    });
  }
  if (options.key === undefined)
    throw nothing(`give the verifier key of ${origin} (--key, --policy or --home)`);
  const witnesses = (options.witness ?? []).map(parseVerifierKey);
  return quorumOf(options.quorum ?? witnesses.length, options.key.map(parseVerifierKey), witnesses);
}

function nothing(why: string): NodeError {
  return new NodeError('node/bad-request', why);
}
