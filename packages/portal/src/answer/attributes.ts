import type { DisclosedFrequency } from '@federome/client';
import type { DisclosedCount } from '@federome/core';

/** `1240`, `<10`, or nothing: the same in every language, for whoever reads the page by machine. */
export function countAttribute(count: DisclosedCount | undefined): string | undefined {
  if (count === undefined) return undefined;
  return count.kind === 'shown' ? String(count.value) : `<${count.below}`;
}

export function frequencyAttribute(frequency: DisclosedFrequency): string {
  return frequency.kind === 'shown' ? String(frequency.alleleFrequency) : 'suppressed';
}
