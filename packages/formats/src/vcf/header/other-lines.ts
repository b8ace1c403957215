import { quoted, refusal } from '../place.ts';
import { isContigName } from './contig-name.ts';
import { isFieldType } from './definitions.ts';
import { checkDescription, faulty, fieldNumber, requiredFields } from './field-lines.ts';
import { type MetaField, type MetaLine, structuredFields } from './meta-line.ts';

/** Types of structural variants that a symbolic allele may start with; `*` is GATK's spanning deletion `<*:DEL>`. */
const STRUCTURAL_TYPES = ['DEL', 'INS', 'DUP', 'INV', 'CNV', 'BND', '*'];

export function checkFilterLine(meta: MetaLine): void {
  const [id, description] = requiredFields(meta, ['ID', 'Description']);
  checkDescription(meta, description!);
  if (!/^[^\s;,]+$/.test(id!.value) || id!.value === '0')
    throw faulty(meta, id!, `${quoted(id!.value)} cannot be a filter`);
}

/**
 * `##ALT=<ID=TYPE:SUBTYPE…,Description="…">`: with subtypes the type is a structural one; without, it may be a name
 * of its own (`NON_REF`, `CN0`), in VCF 4.1 and 4.2 not one that looks like a misspelt subtype (`DEL1`).
 */
export function checkAltLine(meta: MetaLine, minor: number): void {
  const [id, ...others] = requiredFields(meta, ['ID']);
  if (!/^[^\s,<>]+$/.test(id!.value))
    throw faulty(meta, id!, `${quoted(id!.value)} cannot be a symbolic allele`);
  const [type = '', ...subtypes] = id!.value.split(':');
  if (subtypes.length > 0 && !STRUCTURAL_TYPES.includes(type))
    throw faulty(
      meta,
      id!,
      `${quoted(type)} is none of the types ${STRUCTURAL_TYPES.slice(0, -1).join(', ')}`,
    );
  if (minor < 3 && STRUCTURAL_TYPES.includes(type.replace(/\d+$/, '')) && /\d$/.test(type))
    throw faulty(meta, id!, `${quoted(type)} is no type of allele in VCF 4.${minor}`);
  const description = checkAltFields(meta, others, minor);
  // SeqArray, which wrote the studies of the 1000 Genomes, quotes descriptions of more than one word only.
  const isWord = others.length === 1 && /^[A-Za-z]+$/.test(description.value);
  if (!isWord) checkDescription(meta, description);
}

/** An ALT line has an ID and a Description; a Number and a Type between them are nowhere defined, but must be ones. */
function checkAltFields(meta: MetaLine, others: readonly MetaField[], minor: number): MetaField {
  const number = others.find((field) => field.name === 'Number');
  const type = others.find((field) => field.name === 'Type');
  if (number !== undefined) checkNumber(meta, number, minor);
  if (type !== undefined) checkType(meta, type);
  const names =
    number === undefined && type === undefined
      ? ['ID', 'Description']
      : ['ID', 'Number', 'Type', 'Description'];
  return requiredFields(meta, names)[names.length - 1]!;
}

function checkNumber(meta: MetaLine, number: MetaField, minor: number): void {
  if (fieldNumber(number.value, minor) === undefined)
    throw faulty(meta, number, `Number ${quoted(number.value)} is not one that VCF 4.${minor} knows`);
}

function checkType(meta: MetaLine, type: MetaField): void {
  if (!isFieldType(type.value))
    throw faulty(
      meta,
      type,
      `Type ${quoted(type.value)} is none of Integer, Float, Flag, Character and String`,
    );
}

/** `##contig=<ID=…,length=…>`; returns the name and the length in base pairs where given. */
export function contigLine(
  meta: MetaLine,
  minor: number,
): { readonly name: string; readonly lengthBp: number | undefined } {
  const fields = structuredFields(meta);
  const id = fields.find((field) => field.name === 'ID');
  if (id === undefined) throw refusal('formats/vcf-header', '##contig has no ID', meta.place);
  if (!isContigName(id.value, minor))
    throw faulty(meta, id, `${quoted(id.value)} cannot be the name of a contig`);
  const length = fields.find((field) => field.name === 'length');
  if (length !== undefined && !/^\d{1,15}$/.test(length.value))
    throw faulty(meta, length, `length ${quoted(length.value)} is not a number of base pairs`);
  return { name: id.value, lengthBp: length === undefined ? undefined : Number(length.value) };
}

/** In VCF 4.1 and 4.2 a mixture of genomes has fixed fields, of which the Description alone is quoted. */
export function checkSampleLine(meta: MetaLine, minor: number): void {
  if (minor >= 3) {
    const [id] = requiredFields(meta, ['ID']);
    if (!/^[A-Za-z0-9_.+@|/#-]+$/.test(id!.value))
      throw faulty(meta, id!, `${quoted(id!.value)} cannot be the ID of a sample`);
    return;
  }
  const fields = requiredFields(meta, ['ID']);
  if (!fields.some(({ name }) => name === 'Genomes' || name === 'Mixture')) return;
  for (const field of requiredFields(meta, ['ID', 'Genomes', 'Mixture', 'Description'])) {
    if (field.quoted && field.name !== 'Description')
      throw faulty(meta, field, `${field.name} is quoted, which only the Description is`);
  }
}

/** `##PEDIGREE`: names of genomes; from VCF 4.3 on with an ID in front. */
export function checkPedigreeLine(meta: MetaLine, minor: number): void {
  const fields = minor >= 3 ? requiredFields(meta, ['ID']) : structuredFields(meta);
  for (const field of fields) {
    if (!/^[\p{L}\p{N}_.+-]+$/u.test(field.value))
      throw faulty(meta, field, `${field.name} is ${quoted(field.value)}, which is not the name of a genome`);
  }
}

/** `##META=<ID=…,Number=.,Type=String,Values=[a, b]>` (VCF 4.3). */
export function checkMetaMetaLine(meta: MetaLine, minor: number): void {
  const [, number, type, values] = requiredFields(meta, ['ID', 'Number', 'Type', 'Values']);
  checkNumber(meta, number!, minor);
  checkType(meta, type!);
  if (!/^\[.*\]$/.test(values!.value))
    throw faulty(meta, values!, 'Values are not surrounded by square brackets');
}

/** A value that is written like a URL must be one: a named host or four numbers, and an optional port. */
export function checkUrlLine(meta: MetaLine): void {
  const url = meta.value.replace(/^<(.*)>$/, '$1');
  if (url === '') throw refusal('formats/vcf-header', `##${meta.key} has no value`, meta.place);
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/]*)/.exec(url)?.[1];
  if (authority === undefined || authority === '') return;
  if (
    !/^([^@]*@)?(\d{1,3}(\.\d{1,3}){3}|(?=[^:]*[A-Za-z])[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)(:\d{1,5})?$/.test(
      authority,
    )
  )
    throw refusal('formats/vcf-header', `##${meta.key} is not a valid URL: ${quoted(url)}`, meta.place);
}
