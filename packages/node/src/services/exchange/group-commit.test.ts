import { expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';

function recorder(fails: (items: readonly number[]) => boolean = () => false) {
  const groups: (readonly number[])[] = [];
  const commit = new GroupCommit<number, string>(async (items) => {
    groups.push(items);
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (fails(items)) throw new Error(`not ${items.join()}`);
    return items.map((item) => `done ${item}`);
  });
  return { groups, commit };
}

test('what comes together is committed together, and each gets its own result', async () => {
  const { groups, commit } = recorder();
  expect(await Promise.all([1, 2, 3].map((item) => commit.add(item)))).toEqual([
    'done 1',
    'done 2',
    'done 3',
  ]);
  expect(groups).toEqual([[1, 2, 3]]);
});

test('what comes while a commit is under way waits for the next', async () => {
  const { groups, commit } = recorder();
  const first = commit.add(1);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await Promise.all([first, commit.add(2), commit.add(3)]);
  expect(groups).toEqual([[1], [2, 3]]);
});

test('a commit that fails fails its own items, and those after it go on', async () => {
  const { commit } = recorder((items) => items.includes(1));
  const first = commit.add(1);
  await expect(first).rejects.toThrow('not 1');
  expect(await commit.add(2)).toBe('done 2');
});

test('a large crowd is committed in several groups, nobody twice', async () => {
  const { groups, commit } = recorder();
  const items = Array.from({ length: 2_500 }, (_, at) => at);
  await Promise.all(items.map((item) => commit.add(item)));
  expect(groups.map((group) => group.length)).toEqual([1_000, 1_000, 500]);
  expect(groups.flat()).toEqual(items);
});
