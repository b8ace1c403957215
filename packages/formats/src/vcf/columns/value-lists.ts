import type { FieldType } from '../header/definitions.ts';

/**
 * Automata that read a list of values byte by byte, so that every byte of a sample is looked at once:
 * `next = automaton[(state << 3) | CLASS[byte]]`. A comma leads back to `START`; `REJECT` is never left.
 */
export type ValueAutomaton = Uint8Array;

export const START = 0;
export const REJECT = 15;
const STATES = 16;

const OTHER = 0;
const DIGIT = 1;
const SIGN = 2;
const POINT = 3;
const EXPONENT = 4;
const COMMA = 5;

/** Class of every byte; bytes beyond ASCII are left to the exact check. */
export const CLASS: Uint8Array = new Uint8Array(256).fill(OTHER);
for (let byte = 48; byte <= 57; byte += 1) CLASS[byte] = DIGIT;
CLASS['+'.charCodeAt(0)] = SIGN;
CLASS['-'.charCodeAt(0)] = SIGN;
CLASS['.'.charCodeAt(0)] = POINT;
CLASS['e'.charCodeAt(0)] = EXPONENT;
CLASS['E'.charCodeAt(0)] = EXPONENT;
CLASS[','.charCodeAt(0)] = COMMA;

// States of numbers. WHOLE, FRACTION, POWER and MISSING accept.
const AFTER_SIGN = 1;
const WHOLE = 2;
const MISSING = 3;
const FRACTION = 4;
const AFTER_E = 5;
const AFTER_E_SIGN = 6;
const POWER = 7;
const AFTER_SIGN_POINT = 8;

type Transition = readonly [from: number, byteClass: number, to: number];

function automaton(accepting: readonly number[], transitions: readonly Transition[]): ValueAutomaton {
  const table = new Uint8Array(STATES * 8).fill(REJECT);
  for (const [from, byteClass, to] of transitions) table[(from << 3) | byteClass] = to;
  for (const state of accepting) table[(state << 3) | COMMA] = START;
  return table;
}

const INTEGER_TRANSITIONS: readonly Transition[] = [
  [START, SIGN, AFTER_SIGN],
  [START, DIGIT, WHOLE],
  [START, POINT, MISSING],
  [AFTER_SIGN, DIGIT, WHOLE],
  [WHOLE, DIGIT, WHOLE],
];

const INTEGERS = automaton([WHOLE, MISSING], INTEGER_TRANSITIONS);

const FLOATS = automaton(
  [WHOLE, MISSING, FRACTION, POWER],
  [
    ...INTEGER_TRANSITIONS,
    [AFTER_SIGN, POINT, AFTER_SIGN_POINT],
    [AFTER_SIGN_POINT, DIGIT, FRACTION],
    [WHOLE, POINT, FRACTION],
    [WHOLE, EXPONENT, AFTER_E],
    [MISSING, DIGIT, FRACTION],
    [FRACTION, DIGIT, FRACTION],
    [FRACTION, EXPONENT, AFTER_E],
    [AFTER_E, SIGN, AFTER_E_SIGN],
    [AFTER_E, DIGIT, POWER],
    [AFTER_E_SIGN, DIGIT, POWER],
    [POWER, DIGIT, POWER],
  ],
);

/** One byte a value. */
const CHARACTERS = automaton(
  [MISSING],
  [OTHER, DIGIT, SIGN, POINT, EXPONENT].map((byteClass): Transition => [START, byteClass, MISSING]),
);

/** Anything. */
const STRINGS = new Uint8Array(STATES * 8).fill(START);

const ACCEPTING: ReadonlySet<number> = new Set([WHOLE, MISSING, FRACTION, POWER]);

export function automatonOf(type: FieldType): ValueAutomaton {
  switch (type) {
    case 'Integer':
      return INTEGERS;
    case 'Float':
      return FLOATS;
    case 'Character':
      return CHARACTERS;
    case 'Flag':
    case 'String':
      return STRINGS;
  }
}

/** Whether a list that ends in `state` is one. */
export function accepts(values: ValueAutomaton, state: number): boolean {
  return values === STRINGS || ACCEPTING.has(state);
}

/** For what an automaton refuses: infinities, not-a-number, and characters of more than one byte. */
export function acceptsExactly(text: string, type: FieldType): boolean {
  const pattern =
    type === 'Float'
      ? /^(\.|[-+]?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|inf(inity)?|nan))$/i
      : type === 'Character'
        ? /^(%[0-9a-f]{2}|.)$/iu
        : undefined;
  return (
    pattern?.test(text) === true ||
    (pattern !== undefined && text.split(',').every((value) => pattern.test(value)))
  );
}
