/** What files call a unit, in lower case, and its UCUM code. */
const NAMES: readonly (readonly [code: string, ...names: string[]])[] = [
  ['cm', 'centimeter', 'centimeters', 'centimetre', 'centimetres', 'cms'],
  ['m', 'meter', 'meters', 'metre', 'metres'],
  ['mm', 'millimeter', 'millimeters', 'millimetre', 'millimetres'],
  ['[in_i]', 'inch', 'inches', 'in', '"'],
  ['[ft_i]', 'foot', 'feet', 'ft'],
  ['kg', 'kilogram', 'kilograms', 'kilo', 'kgs'],
  ['g', 'gram', 'grams', 'gramme', 'grammes'],
  ['mg', 'milligram', 'milligrams'],
  ['[lb_av]', 'pound', 'pounds', 'lb', 'lbs'],
  ['[oz_av]', 'ounce', 'ounces', 'oz'],
  ['[stone_av]', 'stone'],
  ['kg/m2', 'kilogram per square meter', 'kilogram per square metre', 'kg/m^2', 'kg/m²', 'kg/m**2', 'kg/sqm'],
  ['Cel', 'degree celsius', 'degrees celsius', 'celsius', '°c', 'degc'],
  ['[degF]', 'degree fahrenheit', 'degrees fahrenheit', 'fahrenheit', '°f', 'degf'],
  ['K', 'kelvin'],
  ['mm[Hg]', 'millimeter of mercury', 'millimeters of mercury', 'millimetres of mercury', 'mmhg', 'mm hg'],
  ['kPa', 'kilopascal', 'kilopascals'],
  ['Pa', 'pascal', 'pascals'],
  ['mg/dL', 'milligram per deciliter', 'milligrams per deciliter'],
  ['mg/L', 'milligram per liter', 'milligrams per liter'],
  ['g/L', 'gram per liter', 'grams per liter'],
  ['g/dL', 'gram per deciliter', 'grams per deciliter'],
  ['ug/L', 'microgram per liter', 'µg/l', 'μg/l'],
  ['ug/dL', 'microgram per deciliter', 'µg/dl', 'μg/dl'],
  ['ug/mL', 'microgram per milliliter', 'µg/ml', 'μg/ml'],
  ['ng/mL', 'nanogram per milliliter'],
  ['ng/dL', 'nanogram per deciliter'],
  ['pg/mL', 'picogram per milliliter'],
  ['pg/L', 'picogram per liter'],
  ['mmol/L', 'millimole per liter', 'millimoles per liter', 'mm/l', 'millimolar'],
  ['umol/L', 'micromole per liter', 'micromoles per liter', 'µmol/l', 'μmol/l', 'micromolar'],
  ['nmol/L', 'nanomole per liter', 'nanomoles per liter', 'nanomolar'],
  ['pmol/L', 'picomole per liter', 'picomoles per liter', 'picomolar'],
  ['/min', 'per minute', 'beats per minute', 'bpm', 'beats/min'],
  ['a', 'year', 'years'],
  ['mo', 'month', 'months'],
  ['d', 'day', 'days'],
  ['%', 'percent', 'percentage'],
];

/** Units of the NCI Thesaurus and the Units of Measurement Ontology. */
const TERMS: readonly (readonly [code: string, ...terms: string[]])[] = [
  ['cm', 'NCIT:C49668', 'UO:0000015'],
  ['m', 'NCIT:C41139', 'UO:0000008'],
  ['mm', 'NCIT:C28251', 'UO:0000016'],
  ['[in_i]', 'NCIT:C48500', 'UO:0010011'],
  ['kg', 'NCIT:C28252', 'UO:0000009'],
  ['g', 'NCIT:C48155', 'UO:0000021'],
  ['mg', 'NCIT:C28253', 'UO:0000022'],
  ['[lb_av]', 'NCIT:C48531'],
  ['kg/m2', 'NCIT:C49671', 'UO:0000086'],
  ['Cel', 'NCIT:C42559', 'UO:0000027'],
  ['[degF]', 'NCIT:C44277', 'UO:0000195'],
  ['K', 'UO:0000012'],
  ['mm[Hg]', 'NCIT:C49670', 'UO:0000272'],
  ['Pa', 'UO:0000110'],
  ['mg/dL', 'NCIT:C67015'],
  ['g/dL', 'NCIT:C64783'],
  ['mg/L', 'NCIT:C64572'],
  ['ug/L', 'NCIT:C67306'],
  ['mmol/L', 'NCIT:C64387', 'UO:0000063'],
  ['umol/L', 'UO:0000064'],
  ['nmol/L', 'UO:0000065'],
  ['U/L', 'NCIT:C67456'],
  ['a', 'UO:0000036'],
  ['mo', 'UO:0000035'],
  ['d', 'UO:0000033'],
  ['%', 'NCIT:C48570', 'UO:0000187'],
];

const CODES = new Map(
  [...NAMES, ...TERMS].flatMap(([code, ...names]) =>
    [code, ...names].map((name) => [name.toLowerCase(), code]),
  ),
);

/** UCUM code of a unit's name (`Centimeter`, `lbs`) or term (`NCIT:C49668`), whatever its case. */
export function ucumCodeOf(name: string): string | undefined {
  return CODES.get(name.trim().toLowerCase());
}

const LABELS = new Map(NAMES.map(([code, label]) => [code, label]));

/** English name of a UCUM code, for the units that measurements are kept in. */
export function unitLabel(code: string): string | undefined {
  return LABELS.get(code);
}
