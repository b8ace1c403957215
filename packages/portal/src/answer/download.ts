import type { DisclosedFrequency, NetworkAnswer } from '@federome/client';
import { type DisclosedCount, formatVariant } from '@federome/core';

/**
 * The answer as a table: one line a member, then one a variant, member and population. Suppressed numbers stay `<10` and
 * `suppressed`; `NA` is what was not answered. Positions are 1-based, as everywhere that people read.
 */
export function answerAsTsv(answer: NetworkAnswer): string {
  const members = answer.members.map((member) => [
    member.country,
    member.id,
    member.name,
    member.state,
    member.people === undefined ? 'NA' : countText(member.people),
    String(Math.round(member.elapsedMs)),
    member.reason?.code ?? '',
  ]);
  const lines = [['country', 'member', 'name', 'state', 'people', 'elapsed_ms', 'reason'], ...members];
  if (answer.variants.length > 0) {
    lines.push([], ['variant', 'assembly', 'country', 'member', 'population', ...FREQUENCY_COLUMNS]);
    for (const { variant, byMember, total } of answer.variants) {
      const name = formatVariant(variant);
      for (const { country, member, population, frequency } of byMember) {
        lines.push([name, variant.assembly, country, member, population, ...frequencyCells(frequency)]);
      }
      lines.push([name, variant.assembly, 'all', 'all', 'total', ...frequencyCells(total)]);
    }
  }
  return `${lines.map((cells) => cells.map(oneCell).join('\t')).join('\n')}\n`;
}

export function answerAsJson(answer: NetworkAnswer): string {
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}

const FREQUENCY_COLUMNS = ['AC', 'AN', 'AF', 'HOM', 'HET', 'HEMI'];

function frequencyCells(frequency: DisclosedFrequency): string[] {
  if (frequency.kind === 'suppressed') return FREQUENCY_COLUMNS.map(() => 'suppressed');
  const { ac, an, hom, het, hemi } = frequency.counts;
  return [ac, an, frequency.alleleFrequency, hom, het, hemi].map(String);
}

function countText(count: DisclosedCount): string {
  return count.kind === 'shown' ? String(count.value) : `<${count.below}`;
}

// Names come from other nodes: a tab or line break in one must not make cells of its own.
function oneCell(text: string): string {
  return text.replaceAll(/[\t\r\n]+/g, ' ');
}
