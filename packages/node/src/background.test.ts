import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Background } from './background.ts';

test('a task runs at once and again, one run at a time, and a failed run is told and followed by the next', async () => {
  const background = new Background();
  const told: [string, unknown][] = [];
  let runs = 0;
  let underWay = 0;
  let most = 0;
  const failure = new Error('no luck');
  background.add({
    name: 'try',
    everyMs: 1,
    run: async () => {
      most = Math.max(most, ++underWay);
      await pause(3);
      underWay -= 1;
      runs += 1;
      if (runs === 1) throw failure;
    },
  });
  background.start((task, error) => told.push([task, error]));
  background.start(() => told.push(['started twice', undefined]));
  while (runs < 3) await pause(1);
  await background.stop();
  const atStop = runs;
  await pause(10);
  expect([runs, most, told]).toEqual([atStop, 1, [['try', failure]]]);
});

test('stopping aborts what runs, waits for it, and tells no failure of it', async () => {
  const background = new Background();
  const told: unknown[] = [];
  let ended = false;
  background.add({
    name: 'wait',
    everyMs: 60_000,
    run: async (signal) => {
      await pause(60_000, undefined, { signal }).finally(() => {
        ended = true;
      });
    },
  });
  background.start((_, error) => told.push(error));
  await pause(1);
  await background.stop();
  expect([ended, told]).toEqual([true, []]);
});
