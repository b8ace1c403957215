import { randomUUID } from 'node:crypto';
import { NodeError } from '../../../errors.ts';
import type { LocalAccount, OidcStore } from '../../../stores/oidc/oidc-store.ts';
import { Attempts } from '../attempts.ts';
import { hashOf, hashPassphrase, isPassphrase, newSecret } from '../secrets.ts';
import type { DemoPerson } from './demo-people.ts';

const CODE_MS = 3 * 24 * 3_600_000;
const SHORTEST = 12;
const LONGEST = 1_000;
const MOST_TRIES = 10;
const WINDOW_MS = 15 * 60_000;

interface Ports {
  readonly store: OidcStore;
  readonly now: () => Date;
  /** Who logs in without a passphrase; nobody but in a demonstration. */
  readonly demo: readonly DemoPerson[];
}

/** A person as the embedded provider names them. */
export interface Account {
  readonly subject: string;
  readonly name: string;
}

/** Who logs in at the embedded provider: people with a passphrase of their own, or those of a demonstration. */
export class Accounts {
  readonly #ports: Ports;
  readonly #tries: Attempts;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#tries = new Attempts(MOST_TRIES, WINDOW_MS, ports.now);
  }

  get demo(): readonly DemoPerson[] {
    return this.#ports.demo;
  }

  async find(subject: string): Promise<Account | undefined> {
    return (
      this.#ports.demo.find((person) => person.subject === subject) ??
      (await this.#ports.store.account({ subject }))
    );
  }

  /** Throws `node/bad-code` where login or passphrase is wrong, without saying which; `node/too-many-requests`. */
  async logIn(login: string, passphrase: string): Promise<Account> {
    const name = login.trim().toLowerCase().slice(0, 200);
    this.#tries.count(name);
    const account = await this.#ports.store.account({ login: name });
    const isRight = await isPassphrase(passphrase.slice(0, LONGEST), account?.passphrase);
    if (account === undefined || !isRight)
      throw new NodeError('node/bad-code', 'login or passphrase is wrong');
    return account;
  }

  /** Enters somebody who will choose a passphrase with the code. Throws `node/bad-login` where the login is taken. */
  async enrol(
    login: string,
    name: string,
  ): Promise<{ readonly account: LocalAccount; readonly code: string }> {
    const [code, account] = this.#withCode({
      subject: randomUUID(),
      login: login.trim().toLowerCase(),
      name,
      passphrase: undefined,
      code: undefined,
      createdAt: this.#ports.now().toISOString(),
    });
    if (!(await this.#ports.store.addAccount(account))) {
      throw new NodeError('node/bad-login', `the login ${account.login} is taken`);
    }
    return { account, code };
  }

  /** A new code for whoever lost the passphrase. Throws `node/unknown-person`. */
  async renew(login: string): Promise<string> {
    const account = await this.#ports.store.account({ login: login.trim().toLowerCase() });
    if (account === undefined) throw new NodeError('node/unknown-person', `nobody has the login ${login}`);
    const [code, renewed] = this.#withCode(account);
    if (renewed.code !== undefined) await this.#ports.store.setCode(account.subject, renewed.code);
    return code;
  }

  /** Sets the passphrase that a person chose. Throws `node/bad-code`, `node/bad-request` for one too short. */
  async choose(code: string, passphrase: string, client: string): Promise<void> {
    this.#tries.count(`code ${client}`);
    if (passphrase.length < SHORTEST || passphrase.length > LONGEST) {
      throw new NodeError('node/bad-request', `passphrase: expected ${SHORTEST} to ${LONGEST} characters`);
    }
    const stored = await hashPassphrase(passphrase);
    const account = await this.#ports.store.choosePassphrase(hashOf(code.trim()), stored, this.#ports.now());
    if (account === undefined) {
      throw new NodeError('node/bad-code', 'there is no such code, or it was used or has expired');
    }
  }

  async remove(subject: string): Promise<void> {
    await this.#ports.store.removeAccount(subject);
  }

  #withCode(account: LocalAccount): readonly [string, LocalAccount] {
    const code = newSecret();
    const expiresAt = new Date(this.#ports.now().getTime() + CODE_MS).toISOString();
    return [code, { ...account, code: { hash: hashOf(code), expiresAt } }];
  }
}
