/** An exact fraction; `denominator` is positive. Conversions are rounded once, at their end. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ONE: Rational = { numerator: 1n, denominator: 1n };

/** The decimal number that a double's shortest notation or a text says: `0.45359237` is 45359237/100000000. */
export function rational(decimal: number | string): Rational {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(String(decimal)) ?? [];
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  const power = Number(exponent) - fraction.length;
  return power >= 0
    ? { numerator: digits * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-power) };
}

export function times(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

export function plus(a: Rational, b: Rational): Rational {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

export function negative(a: Rational): Rational {
  return { numerator: -a.numerator, denominator: a.denominator };
}

/** `a` is not zero. */
export function inverse(a: Rational): Rational {
  return a.numerator < 0n
    ? { numerator: -a.denominator, denominator: -a.numerator }
    : { numerator: a.denominator, denominator: a.numerator };
}

export function power(base: Rational, exponent: number): Rational {
  let result = ONE;
  for (let factors = Math.abs(exponent); factors > 0; factors -= 1) result = times(result, base);
  return exponent < 0 ? inverse(result) : result;
}

// A double holds 17 significant digits; with 25 only a fraction within 1e-8 of a rounding boundary could go the other way.
const SIGNIFICANT_DIGITS = 25;

/** The nearest double. */
export function toNumber({ numerator, denominator }: Rational): number {
  const magnitude = numerator < 0n ? -numerator : numerator;
  if (magnitude === 0n) return 0;
  const shift = SIGNIFICANT_DIGITS - (String(magnitude).length - String(denominator).length);
  const scaled =
    shift >= 0
      ? (magnitude * 10n ** BigInt(shift)) / denominator
      : magnitude / (denominator * 10n ** BigInt(-shift));
  const value = Number(`${scaled}e${-shift}`);
  return numerator < 0n ? -value : value;
}
