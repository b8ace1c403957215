import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetworkAnswer, NetworkQuestion } from '@federome/client';
import { DemoError } from './errors.ts';
import type { DemoQuestion } from './questions.ts';

/** Asks a hub as the portal does. Throws `cli/invalid-answer` where it refuses, or answers something else. */
export async function askHub(url: string, question: NetworkQuestion): Promise<NetworkAnswer> {
  const response = await fetch(`${url}/api/network/questions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  const answer: unknown = await response.json();
  if (!response.ok || !isNetworkAnswer(answer)) {
    throw new DemoError(
      'cli/invalid-answer',
      `the hub answered ${response.status}: ${JSON.stringify(answer)}`,
    );
  }
  for (const { name, state, reason } of answer.members) {
    if (state === 'answered') continue;
    throw new DemoError('cli/invalid-answer', `${name} ${state}: ${reason?.message ?? 'no reason given'}`);
  }
  return answer;
}

/** Whether it has what the demonstration reads; the hub itself vouches for the rest. */
function isNetworkAnswer(value: unknown): value is NetworkAnswer {
  if (typeof value !== 'object' || value === null) return false;
  if (!('members' in value && 'variants' in value && 'total' in value)) return false;
  const { members, variants, total } = value;
  return Array.isArray(members) && Array.isArray(variants) && typeof total === 'object' && total !== null;
}

/** Lets a hub that does not serve yet offer questions on its page, as its operator would: in its `federome.json`. */
export async function offerExamples(home: string, questions: readonly DemoQuestion[]): Promise<void> {
  await configure(home, { examples: questions.map(({ text, question }) => ({ label: text, question })) });
}

/** Lets people who do not exist log in at a hub or node that does not serve yet, each at its own provider. */
export async function offerPeople(home: string): Promise<void> {
  await configure(home, { identity: { embedded: 'demo' } });
}

async function configure(home: string, members: object): Promise<void> {
  const file = join(home, 'federome.json');
  const config: unknown = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, `${JSON.stringify(Object.assign({}, config, members), null, 2)}\n`);
}
