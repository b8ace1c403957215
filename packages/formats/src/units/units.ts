import type { OntologyTerm } from '@federome/core';
import { ucumCodeOf, unitLabel } from './names.ts';
import { inverse, negative, plus, rational, times, toNumber } from './rational.ts';
import { type ParsedUnit, parseUcum } from './ucum.ts';

/** The unit that the measurements of a dimension are compared in. */
const CANONICAL_CODES = [
  'cm',
  'm2',
  'mL',
  'kg',
  'kg/m2',
  'a',
  '/min',
  'Cel',
  'mm[Hg]',
  'mg/dL',
  'mmol/L',
  '10*9/L',
  '[IU]/L',
  'U/L',
  '%',
] as const;

const CANONICAL = new Map(
  CANONICAL_CODES.flatMap((code) => {
    const parsed = parseUcum(code);
    return parsed === undefined ? [] : [[parsed.dimension.join(), { code, parsed }] as const];
  }),
);

/**
 * A value in the canonical unit of its dimension: cm, kg, kg/m2, Cel, mm[Hg], mg/dL, mmol/L, … (UCUM codes, as CURIEs
 * `UCUM:cm`). The unit may be a UCUM code with or without its prefix, a term of NCIT or UO, or have a common name as id
 * or label. Calculated exactly and rounded once. Mass and amount concentrations stay apart: that conversion needs the
 * substance. A unit that is not known stays as it is and is comparable only with itself.
 *
 * @example toCanonical(70, { id: 'UCUM:[in_i]' }) // { value: 177.8, unit: { id: 'UCUM:cm', label: 'centimeter' } }
 */
export function toCanonical(
  value: number,
  unit: OntologyTerm,
): { readonly value: number; readonly unit: OntologyTerm } {
  const parsed = parse(unit);
  const canonical = parsed === undefined ? undefined : CANONICAL.get(parsed.dimension.join());
  if (parsed === undefined || canonical === undefined || !Number.isFinite(value)) return { value, unit };
  const label = unitLabel(canonical.code);
  const id = `UCUM:${canonical.code}`;
  return {
    value: converted(value, parsed, canonical.parsed),
    unit: label === undefined ? { id } : { id, label },
  };
}

/** A value in another unit; `undefined` where the units measure different things or one is not known. */
export function convertUnit(value: number, from: OntologyTerm, to: OntologyTerm): number | undefined {
  if (from.id === to.id) return value;
  const [source, target] = [parse(from), parse(to)];
  if (source === undefined || target === undefined || !Number.isFinite(value)) return undefined;
  return source.dimension.join() === target.dimension.join() ? converted(value, source, target) : undefined;
}

function converted(value: number, from: ParsedUnit, to: ParsedUnit): number {
  const base = plus(times(rational(value), from.factor), from.offset);
  return toNumber(times(plus(base, negative(to.offset)), inverse(to.factor)));
}

function parse(unit: OntologyTerm): ParsedUnit | undefined {
  const code = unit.id.replace(/^UCUM:/i, '').trim();
  const candidates = [code, ucumCodeOf(unit.id), ucumCodeOf(code), ucumCodeOf(unit.label ?? '')];
  for (const candidate of candidates) {
    const parsed = candidate === undefined ? undefined : parseUcum(candidate);
    if (parsed !== undefined) return parsed;
  }
  return undefined;
}
