import type { FieldType } from '../header/definitions.ts';

/**
 * Automata that read a list of values byte by byte, so that every byte of a sample is looked at once:
 * `next = automaton[(state << 8) | byte]`. A comma leads back to `START`; a tab, a colon or the line's end leads to
 * `LIST` where a list ends there, else to `NO_LIST`.
 */
export type ValueAutomaton = Uint8Array;

export const START = 0;
/** States from here on end the reading. */
export const LIST = 16;
const NO_LIST = 17;
const REJECT = 15;
const STATES = 16;

type ByteClass = readonly number[];
const codes = (text: string): ByteClass => [...text].map((character) => character.charCodeAt(0));
const DIGIT = codes('0123456789');
const SIGN = codes('+-');
const POINT = codes('.');
const EXPONENT = codes('eE');
const COMMA = codes(',');
const END = codes('\t:\n\r');
/** Bytes beyond ASCII are left to the exact check. */
const TEXT = Array.from({ length: 128 }, (_, byte) => byte).filter(
  (byte) => ![...COMMA, ...END].includes(byte),
);

// States of numbers. WHOLE, FRACTION, POWER and MISSING accept.
const AFTER_SIGN = 1;
const WHOLE = 2;
const MISSING = 3;
const FRACTION = 4;
const AFTER_E = 5;
const AFTER_E_SIGN = 6;
const POWER = 7;
const AFTER_SIGN_POINT = 8;

type Transition = readonly [from: number, bytes: ByteClass, to: number];

function automaton(accepting: readonly number[], transitions: readonly Transition[]): ValueAutomaton {
  const table = new Uint8Array(STATES << 8).fill(REJECT);
  const set = (from: number, bytes: ByteClass, to: number) => {
    for (const byte of bytes) table[(from << 8) | byte] = to;
  };
  for (const [from, bytes, to] of transitions) set(from, bytes, to);
  for (let state = 0; state < STATES; state += 1) set(state, END, accepting.includes(state) ? LIST : NO_LIST);
  for (const state of accepting) set(state, COMMA, START);
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
const CHARACTERS = automaton([MISSING], [[START, TEXT, MISSING]]);

/** Anything. */
const STRINGS = automaton([START], [[START, Array.from({ length: 256 }, (_, byte) => byte), START]]);

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
