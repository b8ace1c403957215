import { readFile, writeFile } from 'node:fs/promises';
import { type LedgerReceipt, readLedgerReceipt } from '@federome/core';
import { httpLedgerPeers, NodeError, originOf, verifyLedgerReceipt, verifyRemoteLog } from '@federome/node';
import { parseReceipt, TlogError } from '@federome/tlog';
import { type OutputOptions, report } from '../terminal/output.ts';
import { believedPolicy, type PolicyOptions } from './policy.ts';

export interface VerifyLogOptions extends PolicyOptions, OutputOptions {
  readonly since?: string;
  readonly remember?: string;
}

/** Checks a receipt offline, and says what it proves and what not. */
export async function verifyReceiptFile(file: string, options: PolicyOptions & OutputOptions): Promise<void> {
  const receipt = await receiptOf(file);
  const verified = await broken(async () => {
    const policy = await believedPolicy(options, originOf(parseReceipt(receipt.proof).checkpoint));
    return verifyLedgerReceipt(receipt, policy);
  });
  const { origin, index, size, cosignatures } = verified;
  const { event } = receipt;
  const lines = [
    `This receipt holds.`,
    ``,
    `Proved: entry ${index} of the ledger ${origin} (${size} entries then) commits to this event:`,
    `  ${event.type}, said to be at ${event.at}`,
    ...Object.entries(event.data).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...(cosignatures.length === 0
      ? [`Cosigned by nobody who counts: ${origin} alone vouches for it, and may show others another ledger.`]
      : cosignatures.map(({ name, at }) => `Cosigned by ${name} at ${at}: it was recorded before that.`)),
    ``,
    `Not proved: that the event is true, that its instant is right, or that nothing else happened.`,
  ];
  await report(lines.join('\n'), { holds: true, event, ...verified }, options);
}

/** Reads a log over HTTP and checks all of it. */
export async function verifyUrl(url: string, options: VerifyLogOptions): Promise<void> {
  const { read, latest } = httpLedgerPeers(patientFetch)({ url: url.replace(/tlog\/?$/, '') });
  const first = await reached(url, () => latest());
  if (first === undefined) throw new NodeError('node/not-found', `${url} serves no ledger, or an empty one`);
  const since = options.since === undefined ? undefined : await readFile(options.since, 'utf8');
  const verified = await broken(async () => {
    const policy = await believedPolicy(options, originOf(first));
    return await verifyRemoteLog(read, policy, since);
  });
  const { origin, size, continues, cosignatures, checkpoint } = verified;
  if (options.remember !== undefined) await writeFile(options.remember, checkpoint);
  const lines = [
    `The ledger ${origin} is whole: ${size} entries make the tree that it signed.`,
    ...cosignatures.map(({ name, at }) => `Cosigned by ${name} at ${at}.`),
    continues === undefined
      ? `Whether it is the one of before was not checked (--since).`
      : `It continues the ledger of ${continues} entries that was seen before.`,
  ];
  await report(lines.join('\n'), { ...verified }, options);
}

async function receiptOf(file: string): Promise<LedgerReceipt> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new NodeError('node/bad-request', 'no file of JSON that can be read', {
      cause,
      location: { file },
    });
  }
  return readLedgerReceipt(value);
}

/** Waits where the server asks for it: a long log is more files than a client may read in a minute. */
async function patientFetch(...asked: Parameters<typeof fetch>): Promise<Response> {
  const [url] = asked;
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    if (response.status !== 429 || attempt === 100) return response;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function reached<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new NodeError('node/not-found', `${url} is not to be reached as a ledger`, { cause });
  }
}

/** What the log refuses is that something does not hold. */
async function broken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new NodeError('node/ledger-broken', `${cause.message} [${cause.code}]`, { cause });
  }
}
