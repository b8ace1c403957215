import { type Place, quoted, refusal } from '../place.ts';

/** `name=value` inside `<…>`; `at` is the 1-based character of the value in the line. */
export interface MetaField {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
  readonly at: number;
}

/** A line `##key=value`. */
export interface MetaLine {
  readonly key: string;
  readonly value: string;
  readonly place: Place;
}

/** Reads `##key=value`; both must be there. */
export function parseMetaLine(text: string, file: string, line: number): MetaLine {
  const match = /^##([^=<>]+)=(.*)$/.exec(text);
  if (match === null)
    throw refusal('formats/vcf-header', `${quoted(text)} is not a meta line: expected ##key=value`, {
      file,
      line,
      column: 1,
    });
  const [, key = '', value = ''] = match;
  const place = { file, line, column: key.length + 4 };
  if (value.trim() === '') throw refusal('formats/vcf-header', `##${key} has no value`, place);
  return { key, value, place };
}

/** The fields of a structured value `<name=value,name="value",name=[value, value]>`. */
export function structuredFields(meta: MetaLine): readonly MetaField[] {
  const { value, place } = meta;
  if (!value.startsWith('<')) throw malformed(meta, 0, 'is not structured: expected <ID=…>');
  const fields: MetaField[] = [];
  let at = 1;
  for (;;) {
    const name = /^[^=,<>"\s]+/.exec(value.slice(at))?.[0] ?? '';
    const valueAt = at + name.length + 1;
    if (name === '' || value[valueAt - 1] !== '=')
      throw malformed(meta, at, 'has a part that is not name=value');
    const end = endOfValue(meta, valueAt);
    const isQuoted = value[valueAt] === '"';
    const raw = isQuoted ? value.slice(valueAt + 1, end - 1) : value.slice(valueAt, end);
    if (fields.some((field) => field.name === name)) throw malformed(meta, at, `has ${name} twice`);
    fields.push({ name, value: raw, quoted: isQuoted, at: place.column + valueAt });
    if (value[end] === '>' && end === value.length - 1) return fields;
    if (value[end] !== ',')
      throw malformed(meta, end, 'has something after a value: expected , or the closing >');
    at = end + 1;
  }
}

/** Index just behind the value that starts at `at`. */
function endOfValue(meta: MetaLine, at: number): number {
  const { value } = meta;
  if (value[at] === '[') {
    const close = value.indexOf(']', at);
    if (close < 0) throw malformed(meta, at, 'has a list that is not closed by ]');
    return close + 1;
  }
  if (value[at] !== '"') {
    const comma = value.indexOf(',', at);
    const end = comma < 0 ? value.length - 1 : comma;
    if (comma < 0 && !value.endsWith('>')) throw malformed(meta, value.length, 'is not closed by >');
    return end;
  }
  for (let end = at + 1; end < value.length; end += 1) {
    if (value[end] === '\\') end += 1;
    else if (value[end] === '"') {
      if (end + 1 >= value.length) throw malformed(meta, value.length, 'is not closed by >');
      return end + 1;
    }
  }
  throw malformed(meta, at, 'has a quotation mark that is not closed');
}

function malformed(meta: MetaLine, at: number, what: string): Error {
  return refusal('formats/vcf-header', `##${meta.key} ${what}`, {
    ...meta.place,
    column: meta.place.column + at,
  });
}
