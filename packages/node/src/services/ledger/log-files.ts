import { CHECKPOINT_PATH, COSIGNED_PATH, DirectoryStorage, type ReadPath, readLog } from '@federome/tlog';

/** Reads the log of a home without becoming its writer, as far as it is acknowledged at the time of each call. */
export class LogFiles {
  readonly #storage: DirectoryStorage;

  constructor(directory: string) {
    this.#storage = new DirectoryStorage(directory);
  }

  /** The latest head of the log, signed by itself alone; `undefined` where nothing was ever recorded. */
  async latest(): Promise<string | undefined> {
    return textOf(await (await this.view())(CHECKPOINT_PATH));
  }

  /** The latest head that enough members cosigned. */
  async cosigned(): Promise<string | undefined> {
    return textOf(await this.#storage.read(COSIGNED_PATH));
  }

  /** The log as it is now, and stays, for whoever reads several paths. Reading throws `tlog/bad-path`. */
  async view(): Promise<ReadPath> {
    return await readLog(this.#storage);
  }
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}
