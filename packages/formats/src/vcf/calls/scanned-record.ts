import type { TextMemory } from '../../kernels/text-memory.ts';
import type { CalledRecord, VcfRecord } from '../record.ts';
import { ScannedCalls } from './call-sets.ts';

/** The record that a parser read last, with its calls as sets: the same object again and again, with other contents. */
export abstract class ScannedRecord implements CalledRecord {
  readonly calls: ScannedCalls;
  readonly #site: Omit<VcfRecord, 'genotypes'>;

  constructor(site: Omit<VcfRecord, 'genotypes'>, memory: TextMemory, samples: number) {
    this.#site = site;
    this.calls = new ScannedCalls(memory, samples);
  }

  get line(): number {
    return this.#site.line;
  }

  get contig(): string {
    return this.#site.contig;
  }

  get position(): number {
    return this.#site.position;
  }

  get ids(): readonly string[] {
    return this.#site.ids;
  }

  get ref(): string {
    return this.#site.ref;
  }

  get alts(): readonly string[] {
    return this.#site.alts;
  }

  get filters(): readonly string[] {
    return this.#site.filters;
  }
}
