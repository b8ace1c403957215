import type { MemberAnswer, NetworkAnswer, NetworkQuestion } from '@federome/client';
import { type BeaconReply, beaconServer, countAnswer, infoAnswer, loopbackServer } from '@federome/testkit';
import { expect, test } from 'vitest';
import { testHub } from '../testkit/hub.ts';

const DEADLINE_MS = 1_000;
const GENEROUS_MS = 4_000;

const PEOPLE: NetworkQuestion = { filters: [{ id: 'HP:0001250' }] };

/** Answers `/info` properly, and everything else as given. */
function misbehaving(id: string, reply: BeaconReply | undefined) {
  return beaconServer(({ path }) => (path === 'info' ? infoAnswer(id) : reply));
}

function summary(responseSummary: unknown): BeaconReply {
  return { json: { meta: {}, responseSummary } };
}

const SILENT: BeaconReply = () => undefined;

const DRIPPING: BeaconReply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

const ENDLESS: BeaconReply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const block = Buffer.alloc(1 << 20, ' ');
  let left = 200;
  const more = () => {
    while (left-- > 0 && !response.destroyed) if (!response.write(block)) return;
    response.end();
  };
  response.on('drain', more);
  more();
};

async function askedIn(time: number, work: Promise<NetworkAnswer>): Promise<NetworkAnswer> {
  const startedMs = performance.now();
  const answer = await work;
  expect(performance.now() - startedMs).toBeLessThan(time);
  return answer;
}

function stateOf(answer: NetworkAnswer, id: string): readonly [MemberAnswer['state'], string | undefined] {
  const member = answer.members.find((one) => one.id === id);
  if (member === undefined) throw new Error(`${id} is not in the answer`);
  if (member.state !== 'answered') {
    expect([member.exists, member.people]).toEqual([undefined, undefined]);
  }
  return [member.state, member.reason?.code];
}

test('one good node is heard among every kind of bad one, within the deadline, and each bad one is named', async () => {
  const dead = await beaconServer(() => undefined);
  await dead.stop();
  const elsewhere = await beaconServer(() => countAnswer('elsewhere', 700));
  const bad: Readonly<Record<string, readonly [BeaconReply, readonly [string, string]]>> = {
    hanging: [SILENT, ['timed-out', 'client/timed-out']],
    dripping: [DRIPPING, ['timed-out', 'client/timed-out']],
    endless: [ENDLESS, ['invalid-answer', 'client/answer-too-large']],
    html: [
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      ['invalid-answer', 'client/not-json'],
    ],
    redirecting: [
      { status: 302, json: {}, headers: { location: `${elsewhere.url}/individuals` } },
      ['invalid-answer', 'client/http-status'],
    ],
    'wrong-schema': [{ json: { answer: 42 } }, ['invalid-answer', 'client/wrong-schema']],
    negative: [summary({ exists: true, numTotalResults: -20 }), ['invalid-answer', 'client/wrong-schema']],
    'yes-with-0': [summary({ exists: true, numTotalResults: 0 }), ['invalid-answer', 'client/wrong-schema']],
    'no-with-50': [
      summary({ exists: false, numTotalResults: 50 }),
      ['invalid-answer', 'client/wrong-schema'],
    ],
    broken: [(response) => response.destroy(), ['unreachable', 'client/unreachable']],
    failing: [{ status: 500, json: {} }, ['invalid-answer', 'client/http-status']],
    forbidding: [
      { status: 403, json: { error: { errorCode: 403, errorMessage: 'not for you' } } },
      ['refused', 'client/refused'],
    ],
    exhausted: [{ status: 429, json: {} }, ['refused', 'client/refused']],
    declining: [
      { status: 400, json: { error: { errorCode: 400, errorMessage: 'unknown term' } } },
      ['refused', 'client/http-status'],
    ],
  };
  const servers = await Promise.all(
    Object.entries(bad).map(async ([id, [reply]]) => ({ id, url: (await misbehaving(id, reply)).url })),
  );
  const foreigner = await beaconServer(({ path }) =>
    path === 'info' ? infoAnswer('foreigner', { country: 'XX' }) : countAnswer('foreigner', 500),
  );
  const impostor = await beaconServer(({ path }) =>
    path === 'info' ? infoAnswer('somebody-else') : countAnswer('impostor', 500),
  );
  const good = await misbehaving('good', countAnswer('good', 120));
  const hub = await testHub(
    [
      ...servers,
      { id: 'dead', url: dead.url },
      { id: 'foreigner', url: foreigner.url },
      { id: 'impostor', url: impostor.url },
      { id: 'good', url: good.url, country: 'FI' },
    ],
    { deadlineMs: DEADLINE_MS },
  );
  const before = process.memoryUsage().rss;
  const answer = await askedIn(GENEROUS_MS, hub.network.ask(PEOPLE));
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);

  expect(stateOf(answer, 'dead')).toEqual(['unreachable', 'client/unreachable']);
  expect(stateOf(answer, 'foreigner')).toEqual(['invalid-answer', 'client/wrong-country']);
  expect(stateOf(answer, 'impostor')).toEqual(['invalid-answer', 'client/wrong-schema']);
  for (const [id, [, expected]] of Object.entries(bad)) {
    expect([id, ...stateOf(answer, id)]).toEqual([id, ...expected]);
  }
  expect(answer.members.find(({ id }) => id === 'declining')?.reason?.message).toContain('unknown term');
  expect(stateOf(answer, 'good')).toEqual(['answered', undefined]);
  expect(answer.total).toEqual({
    exists: true,
    people: { kind: 'shown', value: 120 },
    answered: 1,
    suppressed: 0,
    withoutCount: 0,
  });
  expect(answer.members).toHaveLength(servers.length + 4);
  expect(elsewhere.connections()).toBe(0);
});

test('a network of good nodes does not wait for the deadline', async () => {
  const nodes = await Promise.all(
    ['a', 'b', 'c'].map(async (id) => ({ id, url: (await misbehaving(id, countAnswer(id, 50))).url })),
  );
  const hub = await testHub(nodes, { deadlineMs: 20_000 });
  const answer = await askedIn(5_000, hub.network.ask(PEOPLE));
  expect(answer.total).toMatchObject({ exists: true, answered: 3, people: { kind: 'shown', value: 150 } });
});

test('a node that withholds its number is counted apart, and the total says no more than the nodes do', async () => {
  const few = await misbehaving('few', countAnswer('few', 3));
  const none = await misbehaving('none', countAnswer('none', 0));
  const many = await misbehaving('many', countAnswer('many', 40));
  const small = await testHub([
    { id: 'few', url: few.url },
    { id: 'none', url: none.url },
  ]);
  const withheld = await small.network.ask(PEOPLE);
  expect(withheld.total).toMatchObject({
    exists: false,
    people: { kind: 'suppressed', below: 19 },
    answered: 2,
    suppressed: 2,
  });
  const [first, second] = withheld.members.map(({ exists, people }) => ({ exists, people }));
  expect(first).toEqual(second);
  await small.node.records.putMember({
    id: 'many',
    url: many.url,
    name: 'many',
    country: 'FI',
    addedAt: '2026-01-01T00:00:00.000Z',
  });
  expect((await small.network.ask(PEOPLE)).total).toMatchObject({
    exists: true,
    people: { kind: 'shown', value: 40 },
    suppressed: 2,
  });
});

test('a Beacon that tells small numbers is shown no further than the network allows', async () => {
  const open = await misbehaving('open', summary({ exists: true, numTotalResults: 3 }));
  const odd = await misbehaving('odd', summary({ exists: true, numTotalResults: 43 }));
  const hub = await testHub([
    { id: 'open', url: open.url },
    { id: 'odd', url: odd.url },
  ]);
  const answer = await hub.network.ask(PEOPLE);
  const said = new Map(answer.members.map((member) => [member.id, member]));
  expect(said.get('open')).toMatchObject({ exists: false, people: { kind: 'suppressed', below: 10 } });
  expect(said.get('odd')).toMatchObject({ exists: true, people: { kind: 'shown', value: 45 } });
});

test('a node whose /info hangs but which answers the question has answered', async () => {
  const shy = await beaconServer(({ path }) => (path === 'info' ? SILENT : countAnswer('shy', 60)));
  const hub = await testHub([{ id: 'shy', url: shy.url }], { deadlineMs: DEADLINE_MS });
  const answer = await askedIn(GENEROUS_MS, hub.network.ask(PEOPLE));
  expect(stateOf(answer, 'shy')).toEqual(['answered', undefined]);
  expect(answer.total.people).toEqual({ kind: 'shown', value: 60 });
});

test('a node that counts people and hangs over variants has answered; one that lies about them has not', async () => {
  const half = await beaconServer(({ path }) => {
    if (path === 'info') return infoAnswer('half');
    return path === 'individuals' ? countAnswer('half', 60) : SILENT;
  });
  const liar = await beaconServer(({ path }) => {
    if (path === 'info') return infoAnswer('liar');
    return path === 'individuals' ? countAnswer('liar', 60) : { json: { variants: 'plenty' } };
  });
  const hub = await testHub(
    [
      { id: 'half', url: half.url },
      { id: 'liar', url: liar.url },
    ],
    { deadlineMs: DEADLINE_MS },
  );
  const answer = await askedIn(GENEROUS_MS, hub.network.ask({ variant: { geneId: 'BRCA1' } }));
  expect(stateOf(answer, 'half')).toEqual(['answered', 'client/timed-out']);
  expect(answer.total).toMatchObject({ answered: 1, people: { kind: 'shown', value: 60 } });
  expect(stateOf(answer, 'liar')).toEqual(['invalid-answer', 'client/wrong-schema']);
});

test('more questions than a node may have at a time wait their turn, and are answered', async () => {
  let underWay = 0;
  let most = 0;
  const slow = await beaconServer(({ path }) => {
    if (path === 'info') return infoAnswer('slow');
    underWay += 1;
    most = Math.max(most, underWay);
    return (response) => {
      setTimeout(() => {
        underWay -= 1;
        const { json } = countAnswer('slow', 30) as { json: unknown };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      }, 30);
    };
  });
  const hub = await testHub([{ id: 'slow', url: slow.url }], { deadlineMs: 10_000, inFlight: 3 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => hub.network.ask(PEOPLE)));
  expect(answers.map(({ total }) => total.people)).toEqual(answers.map(() => ({ kind: 'shown', value: 30 })));
  expect(most).toBe(3);
});

test('questions that wait for a hanging node end at the deadline, and leave no place taken', async () => {
  let hanging = true;
  const moody = await beaconServer(({ path }) => {
    if (path === 'info') return infoAnswer('moody');
    return hanging ? SILENT : countAnswer('moody', 30);
  });
  const hub = await testHub([{ id: 'moody', url: moody.url }], { deadlineMs: 500, inFlight: 2 });
  const startedMs = performance.now();
  const answers = await Promise.all(Array.from({ length: 6 }, () => hub.network.ask(PEOPLE)));
  expect(performance.now() - startedMs).toBeLessThan(GENEROUS_MS);
  for (const answer of answers) expect(stateOf(answer, 'moody')).toEqual(['timed-out', 'client/timed-out']);
  hanging = false;
  expect((await hub.network.ask(PEOPLE)).total.people).toEqual({ kind: 'shown', value: 30 });
});

test('questions one after another use the same connections', async () => {
  const node = await misbehaving('node', countAnswer('node', 50));
  const hub = await testHub([{ id: 'node', url: node.url }]);
  for (let question = 0; question < 20; question += 1) await hub.network.ask(PEOPLE);
  expect(node.connections()).toBeLessThanOrEqual(4);
});

test('the overview names who is there, and remembers the genomes of a node that went away', async () => {
  const genomes = { count: 250_000, suppressed: false, threshold: 10 };
  const node = await beaconServer(() =>
    infoAnswer('node', { country: 'EE', role: 'node', genomes, datasets: 2 }),
  );
  const plain = await loopbackServer((_, response) => response.end('hello'));
  const hub = await testHub([
    { id: 'node', url: node.url },
    { id: 'plain', url: plain.url },
  ]);
  expect(await hub.network.overview()).toEqual({
    name: 'Network',
    members: [
      {
        id: 'node',
        name: 'node',
        country: 'EE',
        url: node.url,
        state: 'answered',
        genomes: { kind: 'shown', value: 250_000 },
        datasets: 2,
      },
      { id: 'plain', name: 'plain', country: 'EE', url: plain.url, state: 'invalid-answer' },
    ],
    progress: { genomes: 250_000, target: 1_000_000 },
  });
});

test('terms of all members are one list, renewed behind the answers; who is away keeps what it had', async () => {
  const terms = (ids: readonly string[]): BeaconReply => ({
    json: {
      response: { filteringTerms: ids.map((id) => ({ id, label: `Label ${id}`, type: 'ontologyTerm' })) },
    },
  });
  let offered = ['HP:1'];
  const changing = await misbehaving('changing', undefined);
  const node = await beaconServer(({ path }) =>
    path === 'filtering_terms' ? terms(offered) : infoAnswer('node'),
  );
  const leaving = await beaconServer(({ path }) =>
    path === 'filtering_terms' ? terms(['HP:9']) : infoAnswer('leaving'),
  );
  const hub = await testHub(
    [
      { id: 'changing', url: changing.url },
      { id: 'node', url: node.url },
      { id: 'leaving', url: leaving.url },
    ],
    { termsTtlMs: 0 },
  );
  const ids = async () => (await hub.network.terms('', 10)).map(({ id }) => id);
  expect(await ids()).toEqual(['HP:1', 'HP:9']);
  offered = ['HP:2'];
  await leaving.stop();
  await expect.poll(ids, { timeout: 5_000 }).toEqual(['HP:2', 'HP:9']);
  await hub.node.records.removeMember('leaving');
  await expect.poll(ids, { timeout: 5_000 }).toEqual(['HP:2']);
});

test('a hub without a member that answers has no terms, and asks again the next time', async () => {
  let there = false;
  const late = await beaconServer(() =>
    there ? { json: { response: { filteringTerms: [{ id: 'HP:1' }] } } } : { status: 500, json: {} },
  );
  const hub = await testHub([{ id: 'late', url: late.url }]);
  expect(await hub.network.terms('', 10)).toEqual([]);
  there = true;
  expect(await hub.network.terms('', 10)).toEqual([{ id: 'HP:1', label: 'HP:1', type: 'custom' }]);
});

test('a hub that says yes or no to the public says no number, whatever members tell it', async () => {
  const many = await misbehaving('many', countAnswer('many', 40));
  const few = await misbehaving('few', summary({ exists: true, numTotalResults: 4 }));
  const hub = await testHub(
    [
      { id: 'many', url: many.url },
      { id: 'few', url: few.url },
    ],
    { publicGranularity: 'boolean' },
  );
  const answer = await hub.network.ask({ variant: { geneId: 'BRCA1' } });
  expect(answer.members.map(({ id, exists, people }) => [id, exists, people])).toEqual([
    ['few', false, undefined],
    ['many', true, undefined],
  ]);
  expect(answer.total).toMatchObject({
    exists: true,
    people: { kind: 'shown', value: 0 },
    answered: 2,
    withoutCount: 2,
  });
  expect(answer.variants).toEqual([]);
});
