import { type FieldNumber, type FieldType, RESERVED_INFO, reservedField } from '../header/definitions.ts';
import type { ParsedHeader } from '../header/header.ts';
import { quoted } from '../place.ts';
import { InfoBytes, type InfoRule } from './info-bytes.ts';
import { isPoint } from './plain.ts';
import type { Complain } from './site.ts';

const FLOAT = /^[-+]?((\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|inf(inity)?|nan)$/i;
const CIGAR = /^(\d+[MIDNSHPX=])+$/;

/** BCF reserves the lowest eight values of 32 bits (VCF 4.3, section 1.3). */
const LOWEST_INTEGER = -(2 ** 31) + 8;
const HIGHEST_INTEGER = 2 ** 31 - 1;

/** Keys that are remembered: a file may invent any number of them. */
const MOST_KEYS = 10_000;

/** Checks the INFO column of every record against what the header declares and the specification reserves. */
export class InfoCheck {
  readonly #minor: number;
  readonly #header: ParsedHeader;
  readonly #rules = new Map<string, InfoRule | undefined>();
  readonly #known: InfoBytes;

  constructor(header: ParsedHeader) {
    this.#minor = header.minor;
    this.#known = new InfoBytes(header.minor);
    this.#header = header;
  }

  /** `bytes[start … end)`, of a record of so many ALT alleles; the column's end must follow. */
  check(bytes: Buffer, start: number, end: number, altCount: number, complain: Complain): void {
    if (isPoint(bytes, start, end) || this.#known.accepts(bytes, start, end, altCount)) return;
    this.#checkText(bytes.toString('utf8', start, end), altCount, complain);
  }

  #checkText(text: string, altCount: number, complain: Complain): void {
    if (this.#minor < 3 && text.includes(' ')) throw complain('INFO contains white space');
    const fields = text.split(';');
    // A semicolon behind the last field is written by several annotators.
    if (fields.length > 1 && fields.at(-1) === '') fields.pop();
    for (const field of fields) this.#checkField(field, altCount, complain);
    if (this.#minor >= 3 && fields.length > 1) checkTwice(fields, complain);
    for (const field of fields) {
      const key = field.split('=', 1)[0]!;
      if (this.#rules.has(key)) this.#known.learn(key, this.#rules.get(key));
    }
  }

  #checkField(field: string, altCount: number, complain: Complain): void {
    const equals = field.indexOf('=');
    const key = equals < 0 ? field : field.slice(0, equals);
    let rule = this.#rules.get(key);
    if (rule === undefined && !this.#rules.has(key)) {
      if (key === '' || /\s/.test(key)) throw complain(`INFO has the key ${quoted(key)}`);
      rule = this.#ruleOf(key);
      if (this.#rules.size < MOST_KEYS) this.#rules.set(key, rule);
    }
    if (rule === undefined) return;
    if (rule.type === 'Flag' && rule.number === 0) {
      if (equals >= 0 && !/^[01]$/.test(field.slice(equals + 1)))
        throw complain(`INFO ${key} is a flag and takes no value`);
      return;
    }
    if (equals < 0) return;
    checkValues(rule, field.slice(equals + 1), altCount, this.#minor, complain);
  }

  /** Nothing where any value will do: undeclared keys, and single texts, in which a comma is only a comma. */
  #ruleOf(key: string): InfoRule | undefined {
    const reserved = reservedField(RESERVED_INFO, key, this.#minor);
    const declared = this.#header.info.get(key);
    if (declared !== undefined) {
      const openEnded = reserved === undefined && declared.number === 'A';
      const isText = reserved === undefined && declared.number === 1 && declared.type === 'String';
      if (isText || (openEnded && declared.type === 'Character')) return undefined;
      return { ...declared, signed: reserved?.signed ?? true, openEnded };
    }
    if (reserved === undefined) return undefined;
    return {
      key,
      number: reserved.numbers[0]!,
      type: reserved.types[0]!,
      signed: reserved.signed,
      openEnded: false,
    };
  }
}

function checkTwice(fields: readonly string[], complain: Complain): void {
  const keys = new Set<string>();
  for (const field of fields) {
    const key = field.split('=', 1)[0]!;
    if (keys.has(key)) throw complain(`INFO has the key ${quoted(key)} twice`);
    keys.add(key);
  }
}

function checkValues(
  rule: InfoRule,
  text: string,
  altCount: number,
  minor: number,
  complain: Complain,
): void {
  const { key, number } = rule;
  const expected = expectedValues(number, altCount);
  const values = text.includes(',') ? text.split(',') : [text];
  const isMore = rule.openEnded && values.length > (expected ?? 0);
  if (expected !== undefined && !isMore && values.length !== expected && text !== '.')
    throw complain(
      `INFO ${key} has ${values.length} values, but ${expected} are expected (Number=${number})`,
    );
  for (const value of values) {
    if (value === '.') continue;
    if (!fitsType(value, rule.type, minor))
      throw complain(`INFO ${key} is ${quoted(value)}, which is no ${rule.type}`);
    if (!rule.signed && value.startsWith('-') && rule.type !== 'String')
      throw complain(`INFO ${key} is ${quoted(value)}, which is below zero`);
    if (key === 'CIGAR' && !CIGAR.test(value))
      throw complain(`INFO CIGAR is ${quoted(value)}, which is no CIGAR string`);
  }
}

/** The number of G values depends on the ploidy, which INFO does not say; sites without ALT keep what they had. */
function expectedValues(number: FieldNumber, altCount: number): number | undefined {
  if (typeof number === 'number') return number;
  if (altCount === 0) return undefined;
  return number === 'A' ? altCount : number === 'R' ? altCount + 1 : undefined;
}

function fitsType(value: string, type: FieldType, minor: number): boolean {
  switch (type) {
    case 'Integer': {
      if (!/^[-+]?\d+$/.test(value)) return false;
      const number = Number(value);
      return minor < 3 || (number >= LOWEST_INTEGER && number <= HIGHEST_INTEGER);
    }
    case 'Float':
      return FLOAT.test(value);
    case 'Character':
      return value.length === 1 || /^(%[0-9A-Fa-f]{2}|.)$/u.test(value);
    case 'Flag':
    case 'String':
      return true;
  }
}
