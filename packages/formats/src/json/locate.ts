/** `phenotypic_features` → `phenotypicFeatures`: proto-JSON accepts both names of a field. */
export function camelCase(name: string): string {
  return name.includes('_')
    ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : name;
}

/**
 * Offset in a valid JSON text of the value that a path of names and indexes leads to; of the nearest value above it
 * where the path leads nowhere. Names are compared in camelCase.
 */
export function offsetOf(text: string, path: readonly string[]): number {
  let at = skipSpace(text, 0);
  for (const step of path) {
    const next =
      text[at] === '{' ? member(text, at, step) : text[at] === '[' ? element(text, at, Number(step)) : -1;
    if (next < 0) return at;
    at = next;
  }
  return at;
}

/** 1-based line and column of an offset in a text that itself begins at a line and column of a file. */
export function positionIn(
  text: string,
  offset: number,
  start: { readonly line: number; readonly column: number },
): { readonly line: number; readonly column: number } {
  let line = 0;
  let lineStart = -1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at;
  }
  const column = offset - lineStart - 1;
  return { line: start.line + line, column: line === 0 ? start.column + column : column + 1 };
}

function member(text: string, open: number, name: string): number {
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const key: unknown = JSON.parse(text.slice(at, end));
    at = skipSpace(text, skipSpace(text, end) + 1);
    if (typeof key === 'string' && camelCase(key) === name) return at;
    at = afterComma(text, skipValue(text, at));
  }
  return -1;
}

function element(text: string, open: number, index: number): number {
  let at = skipSpace(text, open + 1);
  for (let seen = 0; seen < index; seen += 1) {
    if (text[at] === ']') return -1;
    at = afterComma(text, skipValue(text, at));
  }
  return text[at] === ']' || at >= text.length ? -1 : at;
}

function afterComma(text: string, end: number): number {
  const at = skipSpace(text, end);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at += 1;
  return at;
}

function skipString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipValue(text: string, from: number): number {
  if (text[from] === '"') return skipString(text, from);
  if (text[from] !== '{' && text[from] !== '[')
    return from + (/^[^,\]}\s]*/.exec(text.slice(from, from + 400))?.[0].length ?? 0);
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    at += 1;
    if (depth === 0) break;
  }
  return at;
}
