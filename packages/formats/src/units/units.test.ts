import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertUnit, toCanonical } from './units.ts';

const ucum = (code: string) => ({ id: `UCUM:${code}` });

test.each([
  [57, '[in_i]', 144.78, 'cm'],
  [59.3, '[in_i]', 150.622, 'cm'],
  [1.653, 'm', 165.3, 'cm'],
  [165.3, 'cm', 165.3, 'cm'],
  [6, '[ft_i]', 182.88, 'cm'],
  [150, '[lb_av]', 68.0388555, 'kg'],
  [70500, 'g', 70.5, 'kg'],
  [25.5, 'kg/m2', 25.5, 'kg/m2'],
  [98.6, '[degF]', 37, 'Cel'],
  [310.15, 'K', 37, 'Cel'],
  [37.2, 'Cel', 37.2, 'Cel'],
  [16, 'kPa', 120.00985213530501, 'mm[Hg]'],
  [120, 'mm[Hg]', 120, 'mm[Hg]'],
  [1.8, 'g/L', 180, 'mg/dL'],
  [5, 'ng/dL', 0.000005, 'mg/dL'],
  [20, 'pg/mL', 0.000002, 'mg/dL'],
  [340, 'nmol/L', 0.00034, 'mmol/L'],
  [5.5, 'mmol/l', 5.5, 'mmol/L'],
  [4, '10*3/uL', 4, '10*9/L'],
  [250000, '/uL', 250, '10*9/L'],
  [6, 'mo', 0.5, 'a'],
  [72, '{beats}/min', 72, '/min'],
])('%d %s is %d %s', (value, code, expected, canonical) => {
  const { value: converted, unit } = toCanonical(value, ucum(code));
  expect(unit.id).toBe(`UCUM:${canonical}`);
  expect(converted).toBe(expected);
});

test.each([
  ['NCIT:C49668', undefined, 'cm'],
  ['NCIT:C48500', 'Inch', 'cm'],
  ['UO:0000015', 'centimeter', 'cm'],
  ['NCIT:C28252', 'Kilogram', 'kg'],
  ['NCIT:C49671', 'Kilogram per Square Meter', 'kg/m2'],
  ['UO:0000272', undefined, 'mm[Hg]'],
  ['hospital:17', 'Centimetre', 'cm'],
  ['UCUM:lbs', undefined, 'kg'],
  ['Cm', undefined, 'cm'],
  ['UCUM:kg/m^2', undefined, 'kg/m2'],
  ['ncit:C67015', undefined, 'mg/dL'],
])('the unit %s (%s) is compared in %s', (id, label, canonical) => {
  expect(toCanonical(1, { id, label }).unit.id).toBe(`UCUM:${canonical}`);
});

test.each([
  'UCUM:furlong',
  'hospital:17',
  'UCUM:',
  'UCUM:kg//m2',
  'UCUM:.kg',
  'UCUM:10*',
  'UCUM:mol/kg',
  'UCUM:[mi_i]',
])('a value in %s, which is not known, stays as it is', (id) => {
  expect(toCanonical(3.5, { id })).toEqual({ value: 3.5, unit: { id } });
});

test('mass and amount concentrations are not converted into each other', () => {
  expect(convertUnit(1, ucum('mg/dL'), ucum('mmol/L'))).toBeUndefined();
  expect(convertUnit(1, ucum('mg/dL'), ucum('g/L'))).toBe(0.01);
});

test.each([
  ['cm', '[in_i]'],
  ['kg', '[lb_av]'],
  ['Cel', '[degF]'],
  ['mm[Hg]', 'kPa'],
  ['mg/dL', 'pg/mL'],
  ['mmol/L', 'nmol/L'],
])('a value goes from %s to %s and back', (one, other) => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      const there = convertUnit(value, ucum(one), ucum(other))!;
      const back = convertUnit(there, ucum(other), ucum(one))!;
      expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.max(Math.abs(value), 300) * 1e-15);
    }),
  );
});

test('conversion keeps the order of values', () => {
  const codes = ['[in_i]', 'm', 'mm', '[ft_i]'];
  fc.assert(
    fc.property(
      fc.constantFrom(...codes),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      (code, a, b) => {
        const [x, y] = [toCanonical(a, ucum(code)).value, toCanonical(b, ucum(code)).value];
        expect(Math.sign(x - y)).toBe(Math.sign(a - b));
      },
    ),
  );
});

test('any text is a unit or stays as it is, without an error', () => {
  fc.assert(
    fc.property(fc.string(), fc.double(), (id, value) => {
      const { unit } = toCanonical(value, { id });
      expect(typeof unit.id).toBe('string');
    }),
  );
});
