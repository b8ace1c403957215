interface Entry {
  readonly value: Promise<unknown>;
  /** What the promise gave, once it has. */
  loaded: unknown;
  bytes: number;
}

/** Values that were costly to load, the least recently used of which go when their bytes exceed the limit. */
export class ByteCache {
  readonly #limitBytes: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The value of a key; concurrent callers share one load, and a load that failed is tried again by the next. */
  get<T>(key: string, load: () => Promise<{ readonly value: T; readonly bytes: number }>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      // A key names one kind of value: every caller of a key passes the same loader.
      return known.value as Promise<T>;
    }
    const entry: Entry = { value: this.#load(key, load), loaded: undefined, bytes: 0 };
    this.#entries.set(key, entry);
    return entry.value as Promise<T>;
  }

  /** The value of a key where it is here; every caller of a key names the type that its loader gives. */
  peek<T>(key: string): T | undefined {
    const known = this.#entries.get(key);
    if (known === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known.loaded as T | undefined;
  }

  /** Forgets everything; what is still being loaded goes to whoever waits for it, and is not kept. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  async #load<T>(
    key: string,
    load: () => Promise<{ readonly value: T; readonly bytes: number }>,
  ): Promise<T> {
    try {
      const { value, bytes } = await load();
      const entry = this.#entries.get(key);
      if (entry !== undefined) {
        entry.loaded = value;
        entry.bytes = bytes;
        this.#bytes += bytes;
        this.#evict();
      }
      return value;
    } catch (cause) {
      this.#entries.delete(key);
      throw cause;
    }
  }

  #evict(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#limitBytes) return;
      if (entry.bytes === 0) continue;
      this.#entries.delete(key);
      this.#bytes -= entry.bytes;
    }
  }
}
