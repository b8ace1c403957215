import type { DirectoryDocument, DirectoryMember, Members } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { DirectoryStore } from '../../stores/directory/directory-store.ts';

export interface MembersOptions {
  readonly store: Pick<DirectoryStore, 'head' | 'version'>;
  readonly now: () => Date;
}

/** The members by the latest version that this node has verified, whichever process took it in, until it expires. */
export class DirectoryMembers implements Members {
  readonly #options: MembersOptions;
  #latest: { readonly hash: string; readonly document: DirectoryDocument } | undefined;

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  async current(): Promise<DirectoryDocument> {
    const document = await this.latest();
    if (document === undefined) {
      throw new NodeError(
        'node/no-directory',
        'this node is in no network: it knows no directory of members',
      );
    }
    if (document.expiresAt <= this.#options.now().toISOString()) {
      throw new NodeError(
        'node/directory-expired',
        `version ${document.version} of the directory of members expired at ${document.expiresAt}, and no newer one was to be had`,
      );
    }
    return document;
  }

  async member(id: string): Promise<DirectoryMember | undefined> {
    return (await this.current()).members.find((member) => member.id === id);
  }

  /** The latest version, expired or not. */
  async latest(): Promise<DirectoryDocument | undefined> {
    const { store } = this.#options;
    const head = await store.head();
    if (head === undefined) return undefined;
    if (this.#latest?.hash !== head.hash) {
      const row = await store.version(head.version);
      this.#latest = row && { hash: row.hash, document: row.document };
    }
    return this.#latest?.document;
  }
}
