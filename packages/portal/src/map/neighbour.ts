interface Placed {
  readonly country: string;
  readonly centre: readonly [number, number];
}

// The axis that a key walks along, and whether forwards: right and down are, as on the screen.
const STEPS: Readonly<Record<string, { readonly axis: 0 | 1; readonly step: 1 | -1 }>> = {
  ArrowLeft: { axis: 0, step: -1 },
  ArrowRight: { axis: 0, step: 1 },
  ArrowUp: { axis: 1, step: -1 },
  ArrowDown: { axis: 1, step: 1 },
};

/**
 * Where an arrow key leads: left and right through all countries from west to east, up and down from north to south, so
 * that every country is reached (going to the nearest in a direction leaves some out of reach). `Home` and `End` go to
 * the ends of `all`.
 */
export function neighbourOf<T extends Placed>(from: T, all: readonly T[], key: string): T | undefined {
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  const walk = STEPS[key];
  if (walk === undefined) return undefined;
  const { axis, step } = walk;
  const other = axis === 0 ? 1 : 0;
  const inOrder = [...all].sort(
    (a, b) => a.centre[axis] - b.centre[axis] || a.centre[other] - b.centre[other],
  );
  return inOrder[inOrder.indexOf(from) + step];
}
