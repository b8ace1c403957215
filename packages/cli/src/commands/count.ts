import type { DiscoveryFilter } from '@federome/core';
import { type Command, InvalidArgumentError } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list } from '../terminal/options.ts';
import { write, writeRows } from '../terminal/output.ts';

interface Options {
  readonly dataset: string;
  readonly filter?: readonly DiscoveryFilter[];
  readonly descendants: boolean;
  readonly variant?: string;
  readonly by?: readonly string[];
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('count')
    .description('exactly how many people match, of those who permit such questions; for the operator')
    .argument('<dir>', 'home of the node')
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--filter <filter>', 'may be repeated: all must hold', filters)
    .option('--no-descendants', 'a term means itself only, not those below it')
    .option('--variant <variant>', 'carriers of CONTIG-POS-REF-ALT, e.g. 22-16050075-A-G')
    .option('--by <group>', 'population, sex, or a term such as HP:0001250; may be repeated', list)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Filters: a term (HP:0001250, with all below it); sex=female; population=FIN; age>=40 (years) or age<P6M;
a measurement LOINC:8308-9>=180 in the canonical unit, or with a unit: 'LOINC:8308-9>=70[in_i]'.
Comparisons are = != < <= > >=.`,
    )
    .action(async (directory: string, options: Options) => {
      await withNode(directory, async (node) => {
        const { parseVariant } = await import('@federome/node/open');
        const dataset = await node.datasets.get(options.dataset);
        const rows = await node.counts.count(dataset.id, {
          filters: (options.filter ?? []).map((filter) => ({
            ...filter,
            includeDescendantTerms: options.descendants,
          })),
          variant:
            options.variant === undefined ? undefined : parseVariant(options.variant, dataset.assembly),
          by: options.by,
        });
        if (!options.json) return await writeRows(['group', 'people'], rowsOf(rows), options);
        const [all, ...groups] = rows;
        const answer = { dataset: dataset.id, people: all?.people ?? 0 };
        await write(`${JSON.stringify(groups.length > 0 ? { ...answer, groups } : answer)}\n`);
      });
    });
}

/** A condition as operators write it, e.g. `LOINC:8308-9>=180`, in the terms of a Beacon filter. */
export function parseFilter(text: string): DiscoveryFilter {
  const [, id, operator, value] = /^([^<>=!]+?)\s*(!=|>=|<=|=|!|<|>)\s*(.+)$/.exec(text.trim()) ?? [];
  if (id === undefined || operator === undefined || value === undefined) return { id: text.trim() };
  const comparison = COMPARISONS.find((each) => each === operator.replace('!=', '!'));
  if (comparison === undefined) throw new InvalidArgumentError(`'${text}' is no filter.`);
  const isYears = id.toLowerCase() === 'age' && /^\d+$/.test(value);
  return { id, operator: comparison, value: isYears ? `P${value}Y` : value };
}

const COMPARISONS = ['=', '!', '<', '<=', '>', '>='] as const;

function filters(text: string, previous: readonly DiscoveryFilter[] | undefined): readonly DiscoveryFilter[] {
  return [...(previous ?? []), parseFilter(text)];
}

function rowsOf(rows: readonly { readonly group: string; readonly people: number }[]) {
  return rows.map(({ group, people }) => ({ group, people }));
}
