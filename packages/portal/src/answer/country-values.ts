import type { DisclosedFrequency, MemberState, NetworkAnswer, VariantFrequencies } from '@federome/client';
import type { DisclosedCount } from '@federome/core';

/** What the map shows of one country; several members of a country are taken together. */
export interface CountryValue {
  readonly country: string;
  readonly state: MemberState | 'asking';
  readonly count?: DisclosedCount | undefined;
  readonly frequency?: DisclosedFrequency | undefined;
  /** A sentence of the member that did not answer. */
  readonly reason?: string | undefined;
}

/** People who match, by country. */
export function peopleByCountry(answer: NetworkAnswer): CountryValue[] {
  const values = new Map<string, CountryValue>();
  for (const { country, state, people, reason } of answer.members) {
    const before = values.get(country);
    values.set(country, {
      country,
      state: before?.state === 'answered' ? 'answered' : state,
      count: sumOf(before?.count, people),
      reason: before?.reason ?? reason?.message,
    });
  }
  return [...values.values()];
}

/** One variant's frequency by country, beside each country's state. */
export function frequencyByCountry(answer: NetworkAnswer, variant: VariantFrequencies): CountryValue[] {
  return peopleByCountry(answer).map(({ count: _, ...value }) => {
    const frequency = countryFrequency(variant, value.country);
    return frequency === undefined ? value : { ...value, frequency };
  });
}

/** The frequency among everyone of a country: of its group `all` or `Total`, else of its only or first group. */
export function countryFrequency(
  variant: VariantFrequencies,
  country: string,
): DisclosedFrequency | undefined {
  const groups = variant.byMember.filter((group) => group.country === country);
  const whole = groups.find(({ population }) => isWhole(population, country)) ?? groups[0];
  return whole?.frequency;
}

/** Whether a population's name stands for everyone of the member, as `all`, `Total` and the country's own code do. */
export function isWhole(population: string, country: string): boolean {
  return ['all', 'total', country.toLowerCase()].includes(population.toLowerCase());
}

/** The sex that a part of a country is of: `EE_F` and `EE_M` are how Beacons of the European network name them. */
export function sexOfPopulation(population: string, country: string): 'female' | 'male' | undefined {
  const [whole, sex, ...rest] = population.toUpperCase().split('_');
  if (whole !== country.toUpperCase() || rest.length > 0) return undefined;
  return sex === 'F' ? 'female' : sex === 'M' ? 'male' : undefined;
}

function sumOf(a: DisclosedCount | undefined, b: DisclosedCount | undefined): DisclosedCount | undefined {
  if (a?.kind === 'shown' && b?.kind === 'shown') return { kind: 'shown', value: a.value + b.value };
  if (a?.kind === 'shown') return a;
  if (b?.kind === 'shown') return b;
  return a ?? b;
}
