interface Placed {
  readonly country: string;
  readonly centre: readonly [number, number];
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest country in the direction of an arrow key, straight ahead before aside; `Home` and `End` go to the ends. */
export function neighbourOf<T extends Placed>(from: T, all: readonly T[], key: string): T | undefined {
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  const direction = DIRECTIONS[key];
  if (direction === undefined) return undefined;
  let best: { one: T; cost: number } | undefined;
  for (const one of all) {
    const x = one.centre[0] - from.centre[0];
    const y = one.centre[1] - from.centre[1];
    const ahead = x * direction[0] + y * direction[1];
    const aside = Math.abs(x * direction[1]) + Math.abs(y * direction[0]);
    if (one.country === from.country || ahead <= 0) continue;
    const cost = ahead + 2 * aside;
    if (best === undefined || cost < best.cost) best = { one, cost };
  }
  return best?.one;
}
