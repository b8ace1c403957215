import { ONE, power, type Rational, rational, times } from './rational.ts';

/** Exponents of length (m), mass (g), time (s), amount (mol), temperature (K), international units and enzyme units. */
export type Dimension = readonly [number, number, number, number, number, number, number];

/** value in base units = value × factor + offset */
export interface ParsedUnit {
  readonly dimension: Dimension;
  readonly factor: Rational;
  readonly offset: Rational;
}

const NONE: Dimension = [0, 0, 0, 0, 0, 0, 0];
const ZERO = rational(0);

interface Atom {
  readonly factor: Rational;
  readonly dimension: Dimension;
  readonly metric: boolean;
}

const atom = (factor: string, dimension: Dimension, metric = false): Atom => ({
  factor: rational(factor),
  dimension,
  metric,
});
const LENGTH: Dimension = [1, 0, 0, 0, 0, 0, 0];
const VOLUME: Dimension = [3, 0, 0, 0, 0, 0, 0];
const MASS: Dimension = [0, 1, 0, 0, 0, 0, 0];
const TIME: Dimension = [0, 0, 1, 0, 0, 0, 0];
const PRESSURE: Dimension = [-1, 1, -2, 0, 0, 0, 0];

// The Unified Code for Units of Measure 2.1, tables 4–26: those that measurements of people use. Two differ from it on
// purpose: `mol` is a dimension of its own (there a pure number), and so is the enzyme unit `U`.
const ATOMS = new Map<string, Atom>([
  ['m', atom('1', LENGTH, true)],
  ['[in_i]', atom('0.0254', LENGTH)],
  ['[ft_i]', atom('0.3048', LENGTH)],
  ['g', atom('1', MASS, true)],
  ['[lb_av]', atom('453.59237', MASS)],
  ['[oz_av]', atom('28.349523125', MASS)],
  ['[stone_av]', atom('6350.29318', MASS)],
  ['s', atom('1', TIME, true)],
  ['min', atom('60', TIME)],
  ['h', atom('3600', TIME)],
  ['d', atom('86400', TIME)],
  ['wk', atom('604800', TIME)],
  ['mo', atom('2629800', TIME)],
  ['a', atom('31557600', TIME)],
  ['L', atom('0.001', VOLUME, true)],
  ['l', atom('0.001', VOLUME, true)],
  ['mol', atom('1', [0, 0, 0, 1, 0, 0, 0], true)],
  ['Pa', atom('1000', PRESSURE, true)],
  ['bar', atom('100000000', PRESSURE, true)],
  ['m[Hg]', atom('133322387.415', PRESSURE, true)],
  ['K', atom('1', [0, 0, 0, 0, 1, 0, 0], true)],
  ['[IU]', atom('1', [0, 0, 0, 0, 0, 1, 0], true)],
  ['[iU]', atom('1', [0, 0, 0, 0, 0, 1, 0], true)],
  ['U', atom('1', [0, 0, 0, 0, 0, 0, 1], true)],
  ['%', atom('0.01', NONE)],
]);

const PREFIXES = new Map(
  (
    [
      ['T', 12],
      ['G', 9],
      ['M', 6],
      ['k', 3],
      ['h', 2],
      ['da', 1],
      ['d', -1],
      ['c', -2],
      ['m', -3],
      ['u', -6],
      ['n', -9],
      ['p', -12],
      ['f', -15],
      ['a', -18],
    ] as const
  ).map(([prefix, exponent]) => [prefix as string, rational(`1e${exponent}`)]),
);

// Temperatures on scales with another zero cannot be part of a product.
const SCALES = new Map<string, ParsedUnit>([
  ['Cel', scale(ONE, rational('273.15'))],
  ['[degF]', scale({ numerator: 5n, denominator: 9n }, { numerator: 229_835n, denominator: 900n })],
]);

function scale(factor: Rational, offset: Rational): ParsedUnit {
  return { dimension: [0, 0, 0, 0, 1, 0, 0], factor, offset };
}

/** Reads a UCUM code: products, quotients, exponents, metric prefixes, powers of ten, annotations; no parentheses. */
export function parseUcum(code: string): ParsedUnit | undefined {
  const special = SCALES.get(code);
  if (special !== undefined) return special;
  if (!/^[./]?[^./]+([./][^./]+)*$/.test(code) || code.startsWith('.')) return undefined;
  let dimension: Dimension = NONE;
  let factor = ONE;
  for (const [, operator, component] of code.matchAll(/([./]?)([^./]+)/g)) {
    const part = parseComponent(component!);
    if (part === undefined) return undefined;
    const sign = operator === '/' ? -1 : 1;
    factor = times(factor, power(part.factor, sign));
    dimension = added(dimension, part.dimension, sign);
  }
  return { dimension, factor, offset: ZERO };
}

function parseComponent(text: string): Omit<Atom, 'metric'> | undefined {
  const bare = text.replace(/\{[^{}]*\}/g, '');
  if (bare === '' || bare === '1') return { factor: ONE, dimension: NONE };
  const ten = /^10[*^]([+-]?\d{1,2})$/.exec(bare);
  if (ten !== null) return { factor: power(rational(10), Number(ten[1])), dimension: NONE };
  const [, symbol, exponentText] = /^(.*?[^\d+-])([+-]?\d)?$/.exec(bare) ?? [];
  const found = symbol === undefined ? undefined : withPrefix(symbol);
  if (found === undefined) return undefined;
  const exponent = Number(exponentText ?? 1);
  return { factor: power(found.factor, exponent), dimension: added(NONE, found.dimension, exponent) };
}

function withPrefix(symbol: string): Omit<Atom, 'metric'> | undefined {
  const whole = ATOMS.get(symbol);
  if (whole !== undefined) return whole;
  for (const length of [1, 2]) {
    const prefix = PREFIXES.get(symbol.slice(0, length));
    const rest = ATOMS.get(symbol.slice(length));
    if (prefix !== undefined && rest?.metric === true)
      return { factor: times(prefix, rest.factor), dimension: rest.dimension };
  }
  return undefined;
}

function added(a: Dimension, b: Dimension, sign: number): Dimension {
  const sum = (index: 0 | 1 | 2 | 3 | 4 | 5 | 6) => a[index] + b[index] * sign;
  return [sum(0), sum(1), sum(2), sum(3), sum(4), sum(5), sum(6)];
}
