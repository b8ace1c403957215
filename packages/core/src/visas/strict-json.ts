import type { Json } from '../ledger/event.ts';
import { Refusal } from './report.ts';

const MAXIMUM_DEPTH = 10;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

/**
 * JSON (RFC 8259) as signed things must have it: a member that comes twice is refused, since two readers could each believe
 * another of them (RFC 7519, section 4), as are half surrogate pairs, numbers that are not finite, and more than ten levels.
 * Throws `Refusal`.
 */
export function readStrictJson(text: string): Json {
  const reader = new StrictReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class StrictReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > MAXIMUM_DEPTH) throw new Refusal('too-deep', `more than ${MAXIMUM_DEPTH} levels of JSON`);
    this.#match(SPACE);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const literal = Object.keys(LITERALS).find((word) => this.#text.startsWith(word, this.#at));
    if (literal === undefined) return this.#number();
    this.#at += literal.length;
    return LITERALS[literal] ?? null;
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at !== this.#text.length) throw notJson('something stands after the value');
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#list('{', '}', () => {
      this.#match(SPACE);
      const name = this.#string();
      if (members.has(name)) throw new Refusal('duplicate-member', 'a member stands there twice');
      this.#match(SPACE);
      this.#expect(':');
      members.set(name, this.value(depth + 1));
    });
    return Object.fromEntries(members);
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#list('[', ']', () => void items.push(this.value(depth + 1)));
    return items;
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    this.#match(SPACE);
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      this.#match(SPACE);
      if (this.#text[this.#at] !== ',') break;
      this.#at += 1;
    }
    this.#expect(close);
  }

  #string(): string {
    const from = this.#at;
    this.#expect('"');
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    }
    this.#expect('"');
    const value = unquoted(this.#text.slice(from, this.#at));
    if (!value.isWellFormed()) throw notJson('half a surrogate pair');
    return value;
  }

  #number(): number {
    const digits = this.#match(NUMBER);
    const value = Number(digits);
    if (digits === undefined || digits === '' || !Number.isFinite(value)) throw notJson('no JSON value');
    return value;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw notJson(`'${character}' is missing`);
    this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

/** A text between quotes; control characters and escapes that JSON does not have are refused by the platform. */
function unquoted(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    throw notJson('a text with a control character or an unknown escape');
  }
}

function notJson(why: string): Refusal {
  return new Refusal('not-json', `not JSON: ${why}`);
}
