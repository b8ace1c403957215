import { acceptsExactly } from '../vcf/columns/value-lists.ts';
import {
  type FieldDefinition,
  RESERVED_FORMAT,
  RESERVED_INFO,
  reservedField,
} from '../vcf/header/definitions.ts';
import {
  BCF_TYPE,
  integerAt,
  MISSING_FLOAT,
  MISSING_INTEGER,
  type TypedCursor,
  typeBytes,
  valuesIn,
} from './typed-cursor.ts';

/** Says what is wrong with a value. */
type Complain = (reason: string) => Error;

/** What a field of INFO or FORMAT holds, and how it is checked. */
export interface FieldRule extends FieldDefinition {
  readonly signed: boolean;
  /** More values than alleles are left alone: annotators list one a transcript in fields of their own (see vcf/columns/info.ts). */
  readonly openEnded: boolean;
}

/** Rules by the number of the dictionary. */
export function rulesOf(
  fields: readonly (FieldDefinition | undefined)[],
  kind: 'INFO' | 'FORMAT',
  minor: number,
): readonly (FieldRule | undefined)[] {
  return fields.map((field) => {
    if (field === undefined) return undefined;
    const reserved = reservedField(kind === 'INFO' ? RESERVED_INFO : RESERVED_FORMAT, field.key, minor);
    const openEnded = kind === 'INFO' && reserved === undefined && field.number === 'A';
    return { ...field, signed: kind === 'FORMAT' || (reserved?.signed ?? true), openEnded };
  });
}

/** Whether values of that BCF type may stand in a field of that declared type; nothing at all may stand anywhere. */
export function fitsDeclared({ type }: FieldDefinition, bcfType: number): boolean {
  if (bcfType === BCF_TYPE.none) return true;
  const isInteger = bcfType <= BCF_TYPE.int32;
  if (type === 'Integer' || type === 'Flag') return isInteger;
  return bcfType === (type === 'Float' ? BCF_TYPE.float : BCF_TYPE.char);
}

/** Number of values that a record of so many alleles, REF included, must have; `undefined` where any will do. */
export function expectedValues({ number }: FieldDefinition, alleles: number): number | undefined {
  if (typeof number === 'number') return number;
  if (alleles === 1) return undefined;
  return number === 'A' ? alleles - 1 : number === 'R' ? alleles : undefined;
}

/**
 * Holds the INFO value that the cursor read last, with its values at `start`, to what is declared, as far as the VCF
 * reader does.
 */
export function checkInfoValue(
  rule: FieldRule,
  cursor: TypedCursor,
  start: number,
  alleles: number,
  complain: Complain,
): void {
  const { type, count } = cursor;
  if (!fitsDeclared(rule, type)) throw complain(`INFO ${rule.key} is no ${rule.type}`);
  if (rule.type === 'Flag' || type === BCF_TYPE.none) return;
  const expected = expectedValues(rule, alleles);
  if (type === BCF_TYPE.char) {
    if (rule.type === 'Character' || (expected !== undefined && expected !== 1))
      checkText(rule, cursor.bytes.toString('utf8', start, start + count), expected, complain);
    return;
  }
  const values = valuesIn(cursor.bytes, start, type, count);
  if (values === 0 || (values === 1 && isMissing(cursor.bytes, start, type))) return;
  checkNumber(rule, values, expected, complain);
  if (!rule.signed && type !== BCF_TYPE.float) checkSign(rule, cursor.bytes, start, type, values, complain);
}

function checkText(rule: FieldRule, padded: string, expected: number | undefined, complain: Complain): void {
  const text = padded.replace(/\0+$/, '');
  if (text === '' || text === '.' || (rule.openEnded && rule.type === 'Character')) return;
  checkNumber(rule, text.split(',').length, expected, complain);
  if (!acceptsExactly(text, rule.type) && rule.type === 'Character')
    throw complain(`INFO ${rule.key} is no Character`);
}

function checkNumber(
  rule: FieldRule,
  values: number,
  expected: number | undefined,
  complain: Complain,
): void {
  if (expected === undefined || values === expected || (rule.openEnded && values > expected)) return;
  throw complain(
    `INFO ${rule.key} has ${values} values, but ${expected} are expected (Number=${rule.number})`,
  );
}

/** Whether the value at an offset is a missing integer or float. */
export function isMissing(bytes: Buffer, at: number, type: number): boolean {
  if (type === BCF_TYPE.float) return integerAt(bytes, at, BCF_TYPE.int32) === MISSING_FLOAT;
  return integerAt(bytes, at, type) === MISSING_INTEGER[type];
}

function checkSign(
  rule: FieldRule,
  bytes: Buffer,
  start: number,
  type: number,
  values: number,
  complain: Complain,
): void {
  for (let value = 0; value < values; value += 1) {
    const number = integerAt(bytes, start + value * typeBytes(type), type);
    if (number < 0 && number !== MISSING_INTEGER[type])
      throw complain(`INFO ${rule.key} is ${number}, which is below zero`);
  }
}
