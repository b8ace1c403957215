import type { DisclosedCount } from '@federome/core';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Numbers, shares, times and names as a language writes them. */
export interface Format {
  count(value: number): string;
  /** `1,240`, or `<10` where the number is hidden. */
  disclosed(count: DisclosedCount): string;
  /** A frequency: three significant digits; below 1 in 10,000 as `2.4 × 10⁻⁵`. */
  frequency(value: number): string;
  /** A power of ten on an axis: `0.01`, `10⁻⁴`. */
  tick(value: number): string;
  share(value: number): string;
  duration(ms: number): string;
  /** Day and time of an ISO 8601 instant, where the reader is. */
  moment(instant: string): string;
  country(code: string): string;
  list(parts: readonly string[]): string;
  compare(a: string, b: string): number;
}

export function formatFor(language: string): Format {
  const counts = new Intl.NumberFormat(language);
  const digits = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });
  const seconds = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    maximumFractionDigits: 1,
  });
  const thousandths = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'millisecond',
    maximumFractionDigits: 0,
  });
  const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const countries = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
  const lists = new Intl.ListFormat(language, { type: 'conjunction' });
  const collator = new Intl.Collator(language);
  return {
    count: (value) => counts.format(value),
    disclosed: (count) =>
      count.kind === 'shown' ? counts.format(count.value) : `<${counts.format(count.below)}`,
    frequency: (value) => (value > 0 && value < 1e-4 ? scientific(value, digits) : digits.format(value)),
    tick: (value) => (value < 5e-3 ? `10⁻${raised(Math.round(-Math.log10(value)))}` : digits.format(value)),
    share: (value) => shares.format(value),
    duration: (ms) => (ms < 1_000 ? thousandths.format(ms) : seconds.format(ms / 1_000)),
    moment: (instant) => (Number.isNaN(Date.parse(instant)) ? instant : moments.format(Date.parse(instant))),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
    list: (parts) => lists.format(parts),
    compare: (a, b) => collator.compare(a, b),
  };
}

function scientific(value: number, digits: Intl.NumberFormat): string {
  const exponent = Math.floor(Math.log10(value));
  return `${digits.format(value / 10 ** exponent)} × 10⁻${raised(-exponent)}`;
}

function raised(exponent: number): string {
  return [...String(exponent)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
}
