import { expect, test } from 'vitest';
import { scalarKernels } from '../kernels/scalar.ts';
import { KernelPool } from './kernel-pool.ts';

test('many questions at once share few arenas, and each gets its turn, those that fail too', async () => {
  let made = 0;
  const pool = new KernelPool(() => {
    made += 1;
    return scalarKernels();
  });
  let running = 0;
  let most = 0;
  const inUse = new Set<object>();
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, question) =>
      pool.with(async (kernels) => {
        expect(inUse.has(kernels)).toBe(false);
        inUse.add(kernels);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        inUse.delete(kernels);
        if (question % 7 === 0) throw new Error(`question ${question}`);
        return question;
      }),
    ),
  );
  expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(8);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(42);
  expect([most, made]).toEqual([8, 8]);
});
