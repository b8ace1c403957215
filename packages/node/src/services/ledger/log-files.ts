import { CHECKPOINT_PATH, COSIGNED_PATH, DirectoryStorage, type ReadPath, readLog } from '@federome/tlog';

/** Reads the log of a home without becoming its writer, as far as it is acknowledged at the time of each call. */
export class LogFiles {
  readonly #storage: DirectoryStorage;
  #view: { readonly checkpoint: string; readonly read: ReadPath } | undefined;

  constructor(directory: string) {
    this.#storage = new DirectoryStorage(directory);
  }

  /** The latest head of the log, signed by itself alone; `undefined` where nothing was ever recorded. */
  async latest(): Promise<string | undefined> {
    return await this.#text(CHECKPOINT_PATH);
  }

  /** The latest head that enough members cosigned. */
  async cosigned(): Promise<string | undefined> {
    return await this.#text(COSIGNED_PATH);
  }

  /** Bytes at a path of the log as it is now. Throws `tlog/bad-path`. */
  async read(path: string): Promise<Uint8Array | undefined> {
    return await (await this.view())(path);
  }

  /** The log as it is now, and stays, for whoever reads several paths. */
  async view(): Promise<ReadPath> {
    const checkpoint = await this.latest();
    if (this.#view === undefined || this.#view.checkpoint !== checkpoint) {
      const read = await readLog(this.#storage);
      if (checkpoint === undefined) return read;
      this.#view = { checkpoint, read };
    }
    const { read } = this.#view;
    return async (path) => (path === COSIGNED_PATH ? await this.#storage.read(path) : await read(path));
  }

  async #text(path: string): Promise<string | undefined> {
    const bytes = await this.#storage.read(path);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString();
  }
}
