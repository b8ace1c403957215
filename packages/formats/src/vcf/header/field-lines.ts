import { quoted, refusal } from '../place.ts';
import {
  type FieldDefinition,
  type FieldNumber,
  isFieldType,
  parseFieldNumber,
  RESERVED_FORMAT,
  RESERVED_INFO,
  reservedField,
} from './definitions.ts';
import { type MetaField, type MetaLine, structuredFields } from './meta-line.ts';

/** Reads `##INFO` or `##FORMAT`: ID, Number, Type and Description in that order, agreeing with the reserved keys. */
export function fieldDefinition(meta: MetaLine, kind: 'INFO' | 'FORMAT', minor: number): FieldDefinition {
  const [id, number, type, description] = requiredFields(meta, ['ID', 'Number', 'Type', 'Description']);
  checkDescription(meta, description!);
  const key = id!.value;
  if (!/^[^\s;=,:]+$/.test(key)) throw faulty(meta, id!, `${quoted(key)} cannot be the ID of a field`);
  const parsed = fieldNumber(number!.value, minor);
  if (parsed === undefined)
    throw faulty(
      meta,
      number!,
      `Number of ${key} is ${quoted(number!.value)}, which VCF 4.${minor} does not know`,
    );
  if (!isFieldType(type!.value) || (kind === 'FORMAT' && type!.value === 'Flag'))
    throw faulty(
      meta,
      type!,
      `Type of ${key} is ${quoted(type!.value)}: expected Integer, Float, Character or String`,
    );
  const reserved = reservedField(kind === 'INFO' ? RESERVED_INFO : RESERVED_FORMAT, key, minor);
  if (reserved !== undefined && !reserved.types.includes(type!.value))
    throw faulty(
      meta,
      type!,
      `Type of the reserved ${kind} field ${key} is ${reserved.types[0]}, not ${type!.value}`,
    );
  if (reserved !== undefined && !reserved.numbers.includes(parsed))
    throw faulty(
      meta,
      number!,
      `Number of the reserved ${kind} field ${key} is ${reserved.numbers[0]}, not ${parsed}`,
    );
  return { key, number: parsed, type: type!.value };
}

/** The first fields of a line, which must have these names in this order; others may follow. */
export function requiredFields(meta: MetaLine, names: readonly string[]): readonly MetaField[] {
  const fields = structuredFields(meta);
  names.forEach((name, index) => {
    if (fields[index]?.name === name) return;
    const elsewhere = fields.find((field) => field.name === name);
    throw refusal(
      'formats/vcf-header',
      elsewhere === undefined
        ? `##${meta.key} has no ${name}${index > 0 ? ` after ${names[index - 1]}` : ''}`
        : `##${meta.key} has its fields in another order: expected ${names.join(', ')}`,
      elsewhere === undefined ? meta.place : { ...meta.place, column: elsewhere.at },
    );
  });
  return fields;
}

export function checkDescription(meta: MetaLine, description: MetaField): void {
  if (!description.quoted)
    throw faulty(meta, description, 'Description is not surrounded by double quotation marks');
}

export function faulty(meta: MetaLine, field: MetaField, reason: string): Error {
  return refusal('formats/vcf-header', `##${meta.key}: ${reason}`, { ...meta.place, column: field.at });
}

/** Local-allele numbers of VCF 4.5 depend on LAA of every sample: they are accepted with any number of values. */
export function fieldNumber(text: string, minor: number): FieldNumber | undefined {
  const number = parseFieldNumber(text);
  if ((number === 'R' && minor < 2) || (number === 'P' && minor < 4)) return undefined;
  if (number === undefined && ['LA', 'LR', 'LG', 'M'].includes(text)) return minor >= 5 ? '.' : undefined;
  return number;
}
