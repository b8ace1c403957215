/**
 * Whether a text is what a filter's value says, in either case; `%` is any number of characters. Linear in both, so
 * that no value can keep the node busy.
 */
export function matchesText(value: string, text: string): boolean {
  const wanted = value.toLowerCase().split('%');
  const given = text.toLowerCase();
  const [first = '', ...rest] = wanted;
  const last = rest.pop();
  if (last === undefined) return given === first;
  if (!given.startsWith(first) || !given.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= given.length;
}
