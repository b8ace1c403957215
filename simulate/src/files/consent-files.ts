import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Consents } from '../consent/decisions.ts';

/** Consents as people gave them, and the withdrawals since. */
export interface ConsentFiles {
  readonly given: string;
  readonly withdrawn: string;
}

/** Writes `consent.csv` and `withdrawals.csv`: `subject,item,decision`, in the order in which they were taken. */
export async function writeConsentFiles(directory: string, consents: Consents): Promise<ConsentFiles> {
  const files = { given: join(directory, 'consent.csv'), withdrawn: join(directory, 'withdrawals.csv') };
  for (const part of ['given', 'withdrawn'] as const) {
    await pipeline(Readable.from(rows(consents[part])), createWriteStream(files[part]));
  }
  return files;
}

function* rows(decisions: Consents['given']): Generator<string> {
  yield 'subject,item,decision\n';
  for (const { subject, scope, decision } of decisions) yield `${subject},${scope},${decision}\n`;
}
