import type { Kernels } from '../kernels/kernels.ts';

/** Kernels with their arenas, lent to one query at a time and kept for the next. */
export class KernelPool {
  readonly #idle: Kernels[] = [];
  readonly #create: () => Kernels;

  constructor(create: () => Kernels) {
    this.#create = create;
  }

  borrow(): Kernels {
    return this.#idle.pop() ?? this.#create();
  }

  giveBack(kernels: Kernels): void {
    this.#idle.push(kernels);
  }

  /** Kernels that are lent one after the other and given back together. */
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

  async with<T>(use: (kernels: Kernels) => Promise<T>): Promise<T> {
    const kernels = this.borrow();
    try {
      return await use(kernels);
    } finally {
      this.giveBack(kernels);
    }
  }
}
