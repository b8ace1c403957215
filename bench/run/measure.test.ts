import { expect, test } from 'vitest';
import { interleave } from './interleave.ts';
import { latencyOf } from './latency.ts';
import { measure, median } from './measure.ts';

test('a program that computes and holds memory is said to have done so', async () => {
  const work =
    'const held = Buffer.alloc(200e6, 1); let sum = 0; while (process.cpuUsage().user < 4e5) for (let i = 0; i < 1e7; i++) sum += held[i % 99]';
  const run = await measure([process.execPath, '-e', work]);
  expect(run.cpuSeconds).toBeGreaterThan(0.3);
  expect(run.wallSeconds).toBeGreaterThan(0.25);
  expect(run.peakMegabytes).toBeGreaterThan(180);
  expect(run.peakMegabytes).toBeLessThan(1_000);
});

test('memory of a program that a script starts is seen too', async () => {
  const { peakMegabytes } = await measure([
    ...['sh', '-c', '"$0" -e "Buffer.alloc(200e6, 1); setTimeout(() => {}, 300)"; true', process.execPath],
  ]);
  expect(peakMegabytes).toBeGreaterThan(180);
});

test('a program that fails ends the measurement with what it said', async () => {
  await expect(measure(['sh', '-c', 'echo no such data >&2; exit 3'])).rejects.toThrow('no such data');
});

test('the median is the run whose CPU time is in the middle', () => {
  const runs = [3, 1, 2].map((cpuSeconds) => ({ cpuSeconds, wallSeconds: 0, peakMegabytes: 0 }));
  expect(median(runs).cpuSeconds).toBe(2);
});

test('tasks are run in turn, and a slow one once', async () => {
  const order: string[] = [];
  const task = (name: string, slowSeconds?: number) => ({
    name,
    command: ['true'],
    prepare: async () => void order.push(name),
    ...(slowSeconds !== undefined && { slowSeconds }),
  });
  const runs = await interleave([task('a'), task('b', -1), task('c')], { repeats: 3, slowSeconds: 100 });
  expect(order.join('')).toBe('abcacac');
  expect(Object.values(runs).map(({ length }) => length)).toEqual([3, 1, 3]);
});

test('a check that fails ends all', async () => {
  const check = () => Promise.reject(new Error('wrong count'));
  const tasks = [{ name: 'a', command: ['true'], check }];
  await expect(interleave(tasks, { repeats: 3, slowSeconds: 1 })).rejects.toThrow('wrong count');
});

test('latencies are ordered before quantiles are read', () => {
  const us = Array.from({ length: 200 }, (_, index) => ((index * 7) % 200) + 1);
  expect(latencyOf(us)).toEqual({ p50Us: 101, p99Us: 199, maxUs: 200, answers: 200 });
});
