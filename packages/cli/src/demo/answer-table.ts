import type { DisclosedFrequency, NetworkAnswer } from '@federome/client';
import type { DisclosedCount } from '@federome/core';

/**
 * An answer as aligned lines: one a member, by country, and the total; with allele frequencies where the question is about
 * a variant among everyone.
 */
export function answerTable(answer: NetworkAnswer): string {
  const variant = answer.question.filters?.length ? undefined : answer.variants[0];
  const frequencyOf = (member: string): DisclosedFrequency | undefined =>
    variant?.byMember.find((each) => each.member === member && !each.population.includes('_'))?.frequency;
  const rows = answer.members.map(({ id, name, state, people }) => [
    name,
    state,
    countText(people),
    ...(variant === undefined ? [] : frequencyCells(frequencyOf(id))),
  ]);
  const total = [
    'In all',
    '',
    totalText(answer.total),
    ...(variant === undefined ? [] : frequencyCells(variant.total)),
  ];
  const header = ['Country', 'State', 'People', ...(variant === undefined ? [] : ['AC', 'AN', 'Frequency'])];
  return aligned([header, ...rows, total]);
}

/** A sum over members of whom some withhold their number is a lower bound. */
function totalText({ people, suppressed }: NetworkAnswer['total']): string {
  return `${people.kind === 'shown' && suppressed > 0 ? '≥ ' : ''}${countText(people)}`;
}

/** `<10` for what disclosure control withholds. */
export function countText(count: DisclosedCount | undefined): string {
  if (count === undefined) return '–';
  return count.kind === 'shown' ? count.value.toLocaleString('en') : `<${count.below}`;
}

function frequencyCells(frequency: DisclosedFrequency | undefined): readonly string[] {
  if (frequency === undefined) return ['–', '–', 'not seen'];
  if (frequency.kind === 'suppressed') return ['–', '–', 'withheld'];
  const { counts, alleleFrequency } = frequency;
  return [String(counts.ac), String(counts.an), `${(100 * alleleFrequency).toFixed(2)} %`];
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `  ${line}\n`)
    .join('');
}
