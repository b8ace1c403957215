import { FormatError } from '../errors.ts';
import { compiledKernels } from './instantiate.ts';
import { type KernelExport, kernelExports } from './kernel-exports.ts';

const PAGE_BYTES = 65_536;
/** 2 GiB: offsets are never negative where WebAssembly hands them over as signed. */
const MAXIMUM_PAGES = 32_768;
const ALIGNMENT = 64;
/** From here on a move by WebAssembly is faster: V8 moves shared bytes at 7 GB/s itself. */
const LONG_BYTES = 1 << 16;

/**
 * The memory that a text window and the kernels on it share, with everything that they allocate in it. Allocations last
 * as long as the memory; the first page belongs to the kernels' constants. The memory is shared between threads, so
 * growth voids no view, but a view made before shows nothing of what was allocated since.
 */
export class TextMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  #bytes = Buffer.from(this.memory.buffer);
  #end = PAGE_BYTES;
  #move: KernelExport | undefined;

  /** All of the memory as it is now. */
  get bytes(): Buffer<ArrayBufferLike> {
    return this.#bytes;
  }

  /** Offset of that many zero bytes, a multiple of 64. Raises `formats/line-too-long` where 2 GiB are used up. */
  allocate(bytes: number): number {
    const start = this.#end;
    const end = Math.ceil((start + bytes) / ALIGNMENT) * ALIGNMENT;
    const lacking = Math.ceil(end / PAGE_BYTES) - this.#bytes.length / PAGE_BYTES;
    if (lacking > 0) this.#grow(lacking, bytes);
    this.#end = end;
    return start;
  }

  /** Makes the last allocation longer where it lies; otherwise allocates anew, and the bytes are copied. */
  extend(start: number, bytes: number, newBytes: number): number {
    if (Math.ceil((start + bytes) / ALIGNMENT) * ALIGNMENT !== this.#end) {
      const moved = this.allocate(newBytes);
      this.move(moved, start, start + bytes);
      return moved;
    }
    this.allocate(start + newBytes - this.#end);
    return start;
  }

  /** Copies the bytes [start, end) to `target`; the two may overlap. */
  move(target: number, start: number, end: number): void {
    const module = end - start >= LONG_BYTES ? compiledKernels() : undefined;
    if (module !== undefined) this.#move ??= kernelExports(module, this.memory, ['move'])?.move;
    if (module === undefined || this.#move === undefined) this.#bytes.copyWithin(target, start, end);
    else this.#move(target, start, end);
  }

  #grow(pages: number, bytes: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new FormatError('formats/line-too-long', `no room for ${bytes} bytes more of a line`, {
        cause,
      });
    }
    this.#bytes = Buffer.from(this.memory.buffer);
  }
}
