import { CodedError, type Members } from '@federome/core';
import {
  type Misbehaviour,
  Witness,
  type WitnessAnswer,
  type WitnessedHead,
  type WitnessStore,
} from '@federome/tlog';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { Alarms } from './alarms.ts';
import { ledgerKeys, signersOf } from './note-keys.ts';

export interface WitnessServiceOptions {
  /** Id of this server in the directory. */
  readonly self: string;
  readonly members: Members;
  readonly keys: Pick<SigningKeys, 'signingKeys' | 'sign'>;
  readonly store: WitnessStore & {
    all(): Promise<readonly (WitnessedHead & { readonly origin: string })[]>;
  };
  readonly alarms: Alarms;
  readonly now: () => Date;
}

/** What a witness has of one log: the head that it cosigned last. */
export interface WitnessedLog {
  readonly origin: string;
  readonly size: number;
  /** Signed note. */
  readonly checkpoint: string;
}

/** Cosigns the logs of the other members of the directory, and of nobody else. */
export class WitnessService {
  readonly #options: WitnessServiceOptions;

  constructor(options: WitnessServiceOptions) {
    this.#options = options;
  }

  /** Answers `add-checkpoint` (C2SP tlog-witness). Throws `node/directory-expired`, `node/key-missing`. */
  async addCheckpoint(body: string): Promise<WitnessAnswer> {
    const { self, store, keys, now } = this.#options;
    const members = await this.#members();
    const witness = new Witness({
      logKeys: (origin) => {
        const member = origin === self ? undefined : members.find(({ id }) => id === origin);
        return member === undefined ? undefined : ledgerKeys(member);
      },
      signers: await signersOf(keys, 'witness', self),
      store,
      now: () => Math.floor(now().getTime() / 1_000),
      onMisbehaviour: (evidence) => this.#report(evidence),
    });
    return await witness.addCheckpoint(body);
  }

  /** Every head that was cosigned here: what others compare with what they were shown. */
  async heads(): Promise<readonly WitnessedLog[]> {
    return await this.#options.store.all();
  }

  /** A bad proof alone shows nothing: anybody may send one, with a head that everybody may read. */
  async #report({ kind, origin, cosigned, submitted }: Misbehaviour): Promise<void> {
    if (kind !== 'fork') return;
    await this.#options.alarms.raise({
      kind,
      origin,
      source: this.#options.self,
      first: cosigned,
      second: submitted,
    });
  }

  async #members() {
    try {
      return (await this.#options.members.current()).members;
    } catch (error) {
      if (error instanceof CodedError && error.code === 'node/no-directory') return [];
      throw error;
    }
  }
}
