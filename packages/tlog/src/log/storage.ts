/** A file to be stored; the path is relative, its parts divided by slashes. */
export interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Where a log keeps its files. One contract suite holds every implementation (storage.contract.ts). */
export interface LogStorage {
  /** The bytes of a file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Stores files: each appears whole or not at all, over the one that was there; all are durable when this resolves.
   * After a failure or a crash any of them may be new and any old.
   */
  put(files: readonly LogFile[]): Promise<void>;
  /** Adds bytes to a file that exists, durable when this resolves. After a failure any beginning of them may be there. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Makes the caller the only writer until the returned function is called or its process dies, however it dies.
   * Throws `tlog/locked` while there is another.
   */
  lock(): Promise<() => Promise<void>>;
}
