import { FormatError } from '../errors.ts';

/** The text of one JSON object of an input, and where it begins. */
export interface JsonObjectText {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Number of the object within its array or sequence, from 0. */
  readonly index: number;
}

/** No person's record comes near this; a larger one is refused before it fills the memory. */
const OBJECT_LIMIT_CHARS = 64 * 1024 * 1024;

const [QUOTE, BACKSLASH, NEWLINE, COMMA] = [0x22, 0x5c, 0x0a, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Splits a stream of text into the objects of one array (`[{…},{…}]`) or of a sequence (one object, JSON lines,
 * objects one after another), holding one object at a time. Only the outline is checked here: `JSON.parse` does the rest.
 *
 * @throws FormatError `formats/json` for anything else between the objects, `formats/truncated` where the input ends
 * inside an object or an array.
 */
export async function* jsonObjects(
  chunks: AsyncIterable<string>,
  file: string,
): AsyncGenerator<JsonObjectText> {
  const splitter = new Splitter(file);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  splitter.end();
}

class Splitter {
  readonly #file: string;
  #parts: string[] = [];
  #held = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  /** Characters before the current chunk on its current line. */
  #columnBase = 1;
  #start = { line: 1, column: 1 };
  #index = 0;
  #array: 'none' | 'before-first' | 'after-value' | 'after-comma' | 'closed' = 'none';

  constructor(file: string) {
    this.#file = file;
  }

  *push(chunk: string): Generator<JsonObjectText> {
    let from = 0;
    let lineStart = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const code = chunk.charCodeAt(at);
      if (code === NEWLINE) {
        this.#line += 1;
        this.#columnBase = 1;
        lineStart = at + 1;
      }
      if (this.#depth === 0) {
        if (!this.#begins(code, this.#columnBase + at - lineStart)) continue;
        from = at;
      } else if (this.#ends(code)) {
        this.#parts.push(chunk.slice(from, at + 1));
        yield this.#finished();
      }
    }
    if (this.#depth > 0) this.#hold(chunk.slice(from));
    this.#columnBase += chunk.length - lineStart;
  }

  end(): void {
    if (this.#depth > 0)
      this.#refuse('formats/truncated', 'ends inside the object that begins here', this.#start);
    if (this.#array !== 'none' && this.#array !== 'closed')
      this.#refuse('formats/truncated', 'ends before the array is closed by "]"', this.#here());
  }

  /** Between objects: whether one begins with this character. */
  #begins(code: number, column: number): boolean {
    if (code === 0x20 || code === 0x09 || code === 0x0d || code === NEWLINE) return false;
    this.#start = { line: this.#line, column };
    const state = this.#array;
    if (code === OPEN_BRACE && state !== 'after-value' && state !== 'closed') {
      this.#depth = 1;
      return true;
    }
    if (code === OPEN_BRACKET && state === 'none' && this.#index === 0) this.#array = 'before-first';
    else if (code === COMMA && state === 'after-value') this.#array = 'after-comma';
    else if (code === CLOSE_BRACKET && (state === 'after-value' || state === 'before-first'))
      this.#array = 'closed';
    else this.#refuse('formats/json', `expected ${expectation(state)}`, this.#start);
    return false;
  }

  /** Inside an object: whether it ends with this character. */
  #ends(code: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) this.#inString = false;
      return false;
    }
    if (code === QUOTE) this.#inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.#depth -= 1;
    return this.#depth === 0;
  }

  #hold(part: string): void {
    this.#parts.push(part);
    this.#held += part.length;
    if (this.#held > OBJECT_LIMIT_CHARS)
      this.#refuse(
        'formats/json',
        `holds an object of more than ${OBJECT_LIMIT_CHARS} characters`,
        this.#start,
      );
  }

  #finished(): JsonObjectText {
    const object = { text: this.#parts.join(''), ...this.#start, index: this.#index };
    this.#parts = [];
    this.#held = 0;
    this.#index += 1;
    if (this.#array !== 'none') this.#array = 'after-value';
    return object;
  }

  #here(): { line: number; column: number } {
    return { line: this.#line, column: this.#columnBase };
  }

  #refuse(
    code: 'formats/json' | 'formats/truncated',
    message: string,
    at: { line: number; column: number },
  ): never {
    throw new FormatError(code, message, { location: { file: this.#file, ...at } });
  }
}

function expectation(state: string): string {
  if (state === 'after-value') return '"," or "]" after an object of the array';
  if (state === 'closed') return 'nothing after the array';
  return state === 'before-first'
    ? 'an object that begins with "{", or "]"'
    : 'an object that begins with "{"';
}
