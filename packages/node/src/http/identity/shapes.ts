/** A text that is a member of what a client sent; `undefined` where there is none. */
export function textOf(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' && member.length <= 10_000 ? member : undefined;
}
