import type { Kernels } from '../kernels/kernels.ts';

/** Counts that run at a time; others wait for their turn. Arenas that are kept for the next. */
const MOST = 8;

/** Kernels with their arenas, lent to one query at a time and kept for the next; a burst of queries leaves no arenas behind. */
export class KernelPool {
  readonly #idle: Kernels[] = [];
  readonly #create: () => Kernels;
  readonly #turns: (() => void)[] = [];
  #running = 0;

  constructor(create: () => Kernels) {
    this.#create = create;
  }

  borrow(): Kernels {
    return this.#idle.pop() ?? this.#create();
  }

  giveBack(kernels: Kernels): void {
    if (this.#idle.length < MOST) this.#idle.push(kernels);
  }

  /** Kernels that are lent one after the other and given back together; for work that may wait for other work. */
  lease(): { borrow(): Kernels; end(): void } {
    const lent: Kernels[] = [];
    return {
      borrow: () => {
        const kernels = this.borrow();
        lent.push(kernels);
        return kernels;
      },
      end: () => {
        for (const kernels of lent.splice(0)) this.giveBack(kernels);
      },
    };
  }

  /** For work that waits for no other work of the pool: no more than `MOST` runs at a time. */
  async with<T>(use: (kernels: Kernels) => Promise<T>): Promise<T> {
    if (this.#running >= MOST) await new Promise<void>((resolve) => this.#turns.push(resolve));
    else this.#running += 1;
    const kernels = this.borrow();
    try {
      return await use(kernels);
    } finally {
      this.giveBack(kernels);
      const next = this.#turns.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
