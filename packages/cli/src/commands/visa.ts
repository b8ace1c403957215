import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import {
  type Check,
  type Identity,
  type Json,
  type VerificationReport,
  VISA_TYPES,
  type VisaType,
} from '@federome/core';
import type { FederomeNode, Granter } from '@federome/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withNode } from '../terminal/node.ts';
import { type OutputOptions, report, write, writeRows } from '../terminal/output.ts';

interface PersonOptions extends OutputOptions {
  readonly issuer: string;
  readonly subject: string;
}

interface ByOptions {
  readonly byIssuer?: string;
  readonly bySubject?: string;
}

interface GrantOptions extends PersonOptions, ByOptions {
  readonly type: VisaType;
  readonly value: string;
  readonly until: string;
  readonly from?: string;
  readonly source?: string;
  readonly conditions?: string;
  readonly reason: string;
}

const COLUMNS = ['id', 'type', 'value', 'issuer', 'subject', 'by', 'from', 'until', 'state', 'reason'];

export function register(program: Command): void {
  const visa = program
    .command('visa')
    .description('grants of this node, the visas of them, and checking any');
  registerGrant(visa);
  registerRevoke(visa);
  registerList(visa);
  registerIssue(visa);
  registerCheck(visa);
}

function registerGrant(visa: Command): void {
  person(visa.command('grant'))
    .description('grant access to a dataset, or state something about a person, until a day')
    .addOption(new Option('--type <type>', 'of GA4GH Passport 1.2').choices(VISA_TYPES).makeOptionMandatory())
    .requiredOption('--value <text>', 'e.g. urn:federome:ee.node:dataset:biobank')
    .requiredOption('--until <instant>', 'when it ends; there is none without an end', instant)
    .option('--from <instant>', 'when it begins (default: now)', instant)
    .option('--source <url>', 'whose statement it is (default: the node)')
    .option('--conditions <file>', 'conditions of Passport 1.2 in JSON')
    .requiredOption('--reason <text>', 'e.g. the number of the permit')
    .requiredOption('--by-issuer <url>', 'who decides: a person with a role at this node')
    .requiredOption('--by-subject <text>', 'who decides')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: GrantOptions) => {
      const { type, value, until, from, source, reason, issuer, subject } = options;
      const conditions = options.conditions === undefined ? undefined : await readJson(options.conditions);
      await withNode(directory, async (node) => {
        const { grants } = await node.visas.services();
        const grant = await grants.grant(await granterOf(node, options), {
          identity: { issuer, subject },
          type,
          value,
          until,
          from,
          source,
          conditions,
          reason,
        });
        await report(`granted ${grant.id}: ${type} until ${grant.until}`, { ...grant }, options);
      });
    });
}

function registerRevoke(visa: Command): void {
  visa
    .command('revoke')
    .description('end a grant now; every node refuses its visas within 60 s')
    .argument('<dir>', 'home of the node')
    .argument('<grant>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .option('--by-issuer <url>', 'who decides (default: the operator at the terminal)')
    .option('--by-subject <text>', 'who decides')
    .option('--json', 'answer in JSON')
    .action(
      async (
        directory: string,
        id: string,
        options: OutputOptions & ByOptions & { readonly reason: string },
      ) => {
        await withNode(directory, async (node) => {
          const { grants } = await node.visas.services();
          const grant = await grants.revoke(await granterOf(node, options), id, options.reason);
          await report(`revoked ${grant.id} at ${grant.revokedAt}`, { ...grant }, options);
        });
      },
    );
}

function registerList(visa: Command): void {
  visa
    .command('list')
    .description('grants of this node')
    .argument('<dir>', 'home of the node')
    .option('--value <text>', 'only those for this')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions & { readonly value?: string }) => {
      await withNode(directory, async (node) => {
        const { grants } = await node.visas.services();
        const now = new Date().toISOString();
        const rows = (await grants.list(terminal(), { value: options.value })).map((grant) => ({
          ...grant,
          issuer: grant.identity.issuer,
          subject: grant.identity.subject,
          state: grant.revokedAt !== undefined ? 'revoked' : grant.until <= now ? 'ended' : 'stands',
        }));
        const told = rows.map(({ id, type, value, issuer, subject, by, from, until, state, reason }) => ({
          id,
          type,
          value,
          issuer,
          subject,
          by,
          from,
          until,
          state,
          reason,
        }));
        await writeRows(COLUMNS, told, options);
      });
    });
}

function registerIssue(visa: Command): void {
  person(visa.command('issue'))
    .description('issue visas of the grants of a person that stand now, one a line')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, { issuer, subject, json }: PersonOptions) => {
      await withNode(directory, async (node) => {
        const { issuer: visas } = await node.visas.services();
        const issued = await visas.visasOf({ issuer, subject });
        await write(
          json === true
            ? `${JSON.stringify({ visas: issued })}\n`
            : issued.map((each) => `${each}\n`).join(''),
        );
      });
    });
}

function registerCheck(visa: Command): void {
  visa
    .command('check')
    .description('say check by check what this node thinks of a passport or visa in a file')
    .argument('<dir>', 'home of the node')
    .argument('<file>', 'a token')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, file: string, options: OutputOptions) => {
      const token = (await readFile(file, 'utf8')).trim();
      await withNode(directory, async (node) => {
        const { verifier, watch } = await node.visas.services();
        await watch.poll();
        const isVisa = headerType(token) !== 'vnd.ga4gh.passport+jwt';
        const { report: made, visas } = isVisa
          ? await verifier.verifyVisa(token)
          : await verifier.inspect(token, { audience: await node.visas.audience() });
        if (options.json === true) await write(`${JSON.stringify({ ...made, accepted: visas }, null, 2)}\n`);
        else await writeRows(['token', 'check', 'passed', 'code', 'why'], rowsOf(made), options);
        if (visas.length > 0) return;
        const { NodeError } = await import('@federome/node');
        throw new NodeError('node/bad-passport', 'nothing in it counts at this node: see the checks');
      });
    });
}

function rowsOf({ checks, visas }: VerificationReport) {
  const rows = (token: string, made: readonly Check[]) =>
    made.map(({ name, passed, code, why }) => ({ token, check: name, passed, code, why }));
  return [
    ...rows('passport', checks),
    ...visas.flatMap(({ index, checks: made }) => rows(`visa ${index}`, made)),
  ];
}

function person(command: Command): Command {
  return command
    .argument('<dir>', 'home of the node')
    .requiredOption('--issuer <url>', 'the identity provider of the person')
    .requiredOption('--subject <text>', 'the person, as that provider names them');
}

/** Whoever is named, with the roles of this node's records; nobody named is the operator. */
async function granterOf(node: FederomeNode, { byIssuer, bySubject }: ByOptions): Promise<Granter> {
  if (byIssuer === undefined || bySubject === undefined) return terminal();
  const identity: Identity = { issuer: byIssuer, subject: bySubject };
  return { kind: 'person', identity, roles: await node.visas.rolesOf(identity) };
}

function terminal(): Granter {
  const identity = { issuer: 'urn:federome:terminal', subject: userInfo().username };
  return { kind: 'person', identity, roles: ['operator'] };
}

function instant(text: string): string {
  const ms = Date.parse(text);
  if (!Number.isFinite(ms)) throw new InvalidArgumentError('expected a day or instant such as 2027-06-30.');
  return new Date(ms).toISOString();
}

function headerType(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    return typeof header === 'object' && header !== null && 'typ' in header ? String(header.typ) : undefined;
  } catch {
    return undefined;
  }
}

async function readJson(path: string): Promise<Json> {
  const { NodeError } = await import('@federome/node');
  try {
    const value: Json = JSON.parse(await readFile(path, 'utf8'));
    return value;
  } catch (cause) {
    throw new NodeError('node/bad-grant', 'the conditions cannot be read as JSON', {
      cause,
      location: { file: path },
    });
  }
}
