import { ACCESS_LEVELS, AUDIT_OPERATIONS, type AuditEvent, PURPOSES } from '@federome/core';
import type { AuditFilter, AuditFormat } from '@federome/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withNode } from '../terminal/node.ts';
import { wholeNumber } from '../terminal/options.ts';
import { type OutputOptions, type Row, write, writeRows } from '../terminal/output.ts';

type SearchOptions = AuditFilter & OutputOptions & { readonly limit: number };
type ExportOptions = AuditFilter & { readonly format: AuditFormat; readonly out?: string };
type AnomalyOptions = OutputOptions & { readonly limit: number; readonly since?: string };

const KINDS = ['anonymous', 'person', 'machine', 'member', 'operator', 'unknown'] as const;
const FORMATS: readonly AuditFormat[] = ['tsv', 'json', 'fhir'];
const COLUMNS = [
  'at',
  'operation',
  'kind',
  'who',
  'datasets',
  'purpose',
  'decision',
  'code',
  'level',
  'answer',
];

export function register(program: Command): void {
  const audit = program
    .command('audit')
    .description('who asked for what kind of thing and what was answered; never what exactly was asked');
  withFilter(audit.command('search'))
    .description('the latest events, newest first')
    .option('--limit <n>', 'how many', wholeNumber(1, 100_000), 100)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, { limit, json, ...filter }: SearchOptions) => {
      await withNode(directory, async (node) => {
        const { AT_THE_TERMINAL } = await import('@federome/node');
        const kept = await node.audit.reader.search(AT_THE_TERMINAL, filter, { limit });
        const events = kept.map(({ event }) => event);
        if (json) return await write(`${JSON.stringify(events, null, 2)}\n`);
        await writeRows(COLUMNS, events.map(rowOf), {});
      });
    });
  withFilter(audit.command('export'))
    .description('every event that matches, newest first')
    .addOption(
      new Option('--format <format>', 'tsv, json, or fhir (one R4 AuditEvent a line)')
        .choices(FORMATS)
        .default('tsv'),
    )
    .option('--out <file>', 'write to a file, which appears when it is complete')
    .action(async (directory: string, { format, out, ...filter }: ExportOptions) => {
      await withNode(directory, async (node) => {
        const { AT_THE_TERMINAL, replaceFile, written } = await import('@federome/node');
        const events = await node.audit.reader.export(AT_THE_TERMINAL, filter);
        const text = written(events, format, node.config.id);
        if (out !== undefined) {
          return await replaceFile(out, async (file) => {
            for await (const part of text) await file.writeFile(part);
          });
        }
        for await (const part of text) await write(part);
      });
    });
  audit
    .command('anomalies')
    .description('look for unusual behaviour now, and list what was found; a reason to look, never a verdict')
    .argument('<dir>', 'home of the node or hub')
    .option('--since <time>', 'found since then', instant)
    .option('--limit <n>', 'how many', wholeNumber(1, 100_000), 100)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, { json, ...page }: AnomalyOptions) => {
      await withNode(directory, async (node) => {
        const { AT_THE_TERMINAL } = await import('@federome/node');
        await node.audit.keeper.watch();
        const found = await node.audit.reader.anomalies(AT_THE_TERMINAL, page);
        if (json) return await write(`${JSON.stringify(found, null, 2)}\n`);
        const rows = found.map(({ foundAt, anomaly: { severity, kind, who, because } }) => {
          return { foundAt, severity, kind, who: nameOf(who), because };
        });
        await writeRows(['foundAt', 'severity', 'kind', 'who', 'because'], rows, {});
      });
    });
}

function withFilter(command: Command): Command {
  return command
    .argument('<dir>', 'home of the node or hub')
    .option('--from <time>', 'not before, e.g. 2026-01-31 or 2026-01-31T10:00Z', instant)
    .option('--to <time>', 'before', instant)
    .option('--who <id>', 'the subject of a person or client, or the id of a member')
    .addOption(new Option('--kind <kind>', 'of whom').choices(KINDS))
    .addOption(new Option('--operation <operation>', 'what was asked or done').choices(AUDIT_OPERATIONS))
    .option('--dataset <id>', 'that was asked')
    .addOption(new Option('--decision <decision>').choices(['answered', 'refused']))
    .addOption(new Option('--level <level>', 'at which it was answered').choices(ACCESS_LEVELS))
    .addOption(new Option('--purpose <purpose>', 'what for').choices(PURPOSES));
}

function instant(text: string): string {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('expected a date or time such as 2026-01-31 or 2026-01-31T10:00Z.');
  }
  return date.toISOString();
}

function rowOf(event: AuditEvent): Row {
  const { at, operation, who, datasets, purpose, decision, code, level, answer } = event;
  return {
    at,
    operation,
    kind: who.kind,
    who: nameOf(who),
    datasets: datasets.join(','),
    purpose,
    decision,
    code,
    level,
    answer: answer === undefined ? undefined : answer.suppressed ? 'suppressed' : `${answer.count}+`,
  };
}

function nameOf({ subject, issuer, member }: AuditEvent['who']): string {
  const person = subject === undefined ? undefined : `${subject} at ${issuer}`;
  if (person !== undefined && member !== undefined) return `${person} through ${member}`;
  return person ?? member ?? '';
}
