import type { CheckName, RefusalCode } from '@federome/core';
import { type Change, finnishVisa, passport } from './builder.ts';
import { ALICE, EE, type World } from './world.ts';

/** One way in which a passport or visa is wrong, and which check says so with which code. */
export interface NegativeCase {
  readonly id: string;
  readonly what: string;
  readonly of: 'passport' | 'visa';
  readonly check: CheckName;
  readonly code: RefusalCode;
  /** The passport with nothing wrong in it, and the one with exactly this; the visa concerned is the first in both. */
  readonly make: (world: World) => Promise<{ readonly whole: string; readonly broken: string }>;
  /** What happens between: the whole one is accepted before. */
  readonly then?: ((world: World) => void | Promise<void>) | undefined;
}

type Row = readonly [id: string, what: string, check: CheckName, code: RefusalCode];

/** A defect of a visa of another member. */
export function ofVisa(
  row: Row,
  change: Change | ((world: World) => Change | Promise<Change>),
): NegativeCase {
  return ofVisas(row, async (world) => {
    const made = typeof change === 'function' ? await change(world) : change;
    return { whole: [await finnishVisa(world)], broken: [await finnishVisa(world, made)] };
  });
}

/** A defect of the first of some visas, or of what goes with it. */
export function ofVisas(
  [id, what, check, code]: Row,
  make: (world: World) => Promise<{ readonly whole: readonly string[]; readonly broken: readonly string[] }>,
): NegativeCase {
  return {
    id,
    what,
    of: 'visa',
    check,
    code,
    make: async (world) => {
      const { whole, broken } = await make(world);
      return { whole: await passport(world, whole), broken: await passport(world, broken) };
    },
  };
}

/** A visa that was accepted is not any more. */
export function later(
  row: Row,
  make: (world: World) => Promise<string>,
  then: (world: World) => void | Promise<void>,
): NegativeCase {
  const made = ofVisas(row, async (world) => {
    const visa = await make(world);
    return { whole: [visa], broken: [visa] };
  });
  return { ...made, then };
}

/** A defect of a passport. */
export function ofPassport(
  [id, what, check, code]: Row,
  change: Change | ((world: World) => Change | Promise<Change>),
  then?: (world: World) => void | Promise<void>,
): NegativeCase {
  return {
    id,
    what,
    of: 'passport',
    check,
    code,
    make: async (world) => {
      const visa = await finnishVisa(world);
      const made = typeof change === 'function' ? await change(world) : change;
      return { whole: await passport(world, [visa]), broken: await passport(world, [visa], made) };
    },
    then,
  };
}

export const OPTIONS = { audience: [EE], identity: ALICE };
