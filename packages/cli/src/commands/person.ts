import type { Role } from '@federome/core';
import type { FederomeNode } from '@federome/node';
import { type Command, InvalidArgumentError } from 'commander';
import { withNode } from '../terminal/node.ts';
import { type OutputOptions, report, writeRows } from '../terminal/output.ts';

interface Who {
  readonly issuer?: string;
  readonly subject?: string;
  readonly id?: string;
}

const COLUMNS = ['id', 'kind', 'name', 'roles', 'issuer', 'subject'];
const EMBEDDED = 'urn:federome:embedded';
const BY = 'command line';

export function register(program: Command): void {
  const person = program
    .command('person')
    .description('who is known at this node, and which roles its records give them');
  person
    .command('list')
    .description('everybody who is known, with their roles')
    .argument('<dir>', 'home of the node or hub')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions) => {
      await withNode(directory, async ({ identity }) => {
        const people = await identity.people.list();
        const rows = people.map(({ grants, name, ...known }) => ({
          ...known,
          name: name ?? '',
          roles: grants.map(({ role }) => role).join(' '),
        }));
        await writeRows(COLUMNS, rows, options);
      });
    });
  registerRoles(person);
  person
    .command('invite')
    .description('print a code that gives whoever redeems it after logging in a role, once, within a week')
    .argument('<dir>', 'home of the node or hub')
    .requiredOption('--role <role>', 'operator, data-holder, dac-member, auditor, …', roleOf)
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions & { readonly role: Role }) => {
      await withNode(directory, async ({ identity }) => {
        const { code, expiresAt } = await identity.people.invite(options.role, BY);
        await report(
          `${code}\nLog in at the portal, open Account, and redeem it there by ${expiresAt}`,
          { code, expiresAt, role: options.role },
          options,
        );
      });
    });
  person
    .command('enrol')
    .description('enter somebody at the embedded provider, who chooses a passphrase with the printed code')
    .argument('<dir>', 'home of the node or hub')
    .argument('<login>', 'what they log in with, e.g. anna')
    .option('--name <name>', 'how they are called; the login unless given')
    .option('--role <role>', 'that they have from the beginning', roleOf)
    .option('--again', 'a new code for somebody who lost the passphrase')
    .option('--json', 'answer in JSON')
    .action(
      async (
        directory: string,
        login: string,
        options: OutputOptions & { readonly name?: string; readonly role?: Role; readonly again?: boolean },
      ) => {
        await withNode(directory, async ({ identity }) => {
          const service = await identity.service();
          const code = options.again
            ? await service.renewCode(login)
            : (await service.enrol(login, options.name ?? login, options.role)).code;
          await report(
            `${code}\n${login} chooses a passphrase with this code at /oidc/passphrase within three days`,
            { login, code },
            options,
          );
        });
      },
    );
  named(person.command('forget'))
    .description('delete somebody from the records: roles, sessions, name')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: OutputOptions & Who) => {
      await withNode(directory, async (node) => {
        const id = await idOf(node, options);
        await (await node.identity.service()).forget(id, BY);
        await report(`${id} is forgotten`, { forgotten: id }, options);
      });
    });
}

function registerRoles(person: Command): void {
  const role = person.command('role').description('grant and withdraw roles at this node');
  named(role.command('add'))
    .argument('<role>', 'operator, data-holder, dac-member, auditor, …', roleOf)
    .description('grant a role; it counts from the next request on')
    .option('--until <date>', 'ISO 8601: the role ends then', dateOf)
    .option('--json', 'answer in JSON')
    .action(
      async (directory: string, granted: Role, options: OutputOptions & Who & { readonly until?: Date }) => {
        await withNode(directory, async (node) => {
          const { issuer, subject } = options;
          // Whoever is to be the first operator has not logged in yet.
          const id =
            issuer !== undefined && subject !== undefined
              ? (await node.identity.people.enter({ issuer, subject })).id
              : await idOf(node, options);
          await node.identity.people.grant(id, granted, BY, options.until);
          await report(`${id} is ${granted} from now on`, { person: id, role: granted }, options);
        });
      },
    );
  named(role.command('remove'))
    .argument('<role>', 'to be withdrawn', roleOf)
    .description('withdraw a role; it does not count from the next request on')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, withdrawn: Role, options: OutputOptions & Who) => {
      await withNode(directory, async (node) => {
        const id = await idOf(node, options);
        await node.identity.people.withdraw(id, withdrawn, BY);
        await report(`${id} is ${withdrawn} no longer`, { person: id, role: withdrawn }, options);
      });
    });
}

function named(command: Command): Command {
  return command
    .argument('<dir>', 'home of the node or hub')
    .option('--issuer <url>', 'of the identity provider; with --subject. The embedded one unless given')
    .option('--subject <sub>', 'how the provider names the person')
    .option('--id <id>', 'how person list names them, instead');
}

async function idOf({ identity }: FederomeNode, { id, issuer, subject }: Who): Promise<string> {
  if (id !== undefined) return id;
  const known =
    subject === undefined ? undefined : await identity.people.find({ issuer: issuer ?? EMBEDDED, subject });
  if (known !== undefined) return known.id;
  const { NodeError } = await import('@federome/node');
  const expected =
    subject === undefined ? 'say who with --id, or --issuer and --subject' : `${subject} is not known here`;
  throw new NodeError('node/unknown-person', `${expected} (federome person list shows everybody)`);
}

/** The names of core's roles, so that most commands need not load it. */
function roleOf(text: string): Role {
  const roles = [
    'operator',
    'data-holder',
    'dac-member',
    'auditor',
    'signing-official',
    'data-user',
    'citizen',
  ] as const;
  const role = roles.find((each) => each === text);
  if (role === undefined) throw new InvalidArgumentError(`Expected one of ${roles.join(', ')}.`);
  return role;
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Expected a date such as 2027-01-31.');
  return date;
}
