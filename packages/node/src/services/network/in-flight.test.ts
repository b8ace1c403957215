import { expect, test } from 'vitest';
import { InFlight } from './in-flight.ts';

const never = new AbortController().signal;

test('no more than the limit runs at a time, and everything has its turn in order', async () => {
  const inFlight = new InFlight(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    [0, 1, 2, 3, 4, 5].map((number) =>
      inFlight.run(never, async () => {
        running += 1;
        most = Math.max(most, running);
        order.push(number);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
});

test('who waits too long is turned away with the reason, and takes no place', async () => {
  const inFlight = new InFlight(1);
  let release = () => {};
  const first = inFlight.run(never, () => new Promise<void>((resolve) => (release = resolve)));
  const impatient = new AbortController();
  const second = inFlight.run(impatient.signal, async () => 'never reached');
  const third = inFlight.run(never, async () => 'third');
  impatient.abort(new Error('too late'));
  await expect(second).rejects.toThrow('too late');
  release();
  await first;
  expect(await third).toBe('third');
  expect(await inFlight.run(never, async () => 'fourth')).toBe('fourth');
});

test('work that fails frees its place', async () => {
  const inFlight = new InFlight(1);
  await expect(inFlight.run(never, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await inFlight.run(never, async () => 'next')).toBe('next');
});
