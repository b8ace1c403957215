import { resolveContig } from '@federome/core';
import { openRandomAccess, type RandomAccess } from '../bytes/random-access.ts';
import { FormatError } from '../errors.ts';
import { buildFastaIndex, type FastaSequence, readFastaIndex } from './fasta-index.ts';

/** The bases of an assembly. Contigs go by Federome's names or by the file's. */
export interface ReferenceSequence {
  readonly file: string;
  /**
   * Upper-case bases of `[start, end)`, 0-based; shorter where the contig ends or `start` is below zero.
   * Raises `formats/fasta` for a contig that the file does not have.
   */
  bases(contig: string, start: number, end: number): string;
  /** Length in base pairs, or `undefined` for a contig that the file does not have. */
  lengthBp(contig: string): number | undefined;
  close(): Promise<void>;
}

const WINDOW_BP = 1 << 16;
const MOST_WINDOWS = 8;

/**
 * Opens a plain or BGZF FASTA file for reading by position, through its `.fai` where there is one; else the index is
 * made in memory. Raises `formats/fasta` for what is no FASTA or does not fit its index.
 */
export async function openReference(path: string): Promise<ReferenceSequence> {
  const text = openRandomAccess(path);
  try {
    const sequences = (await readFastaIndex(path)) ?? (await buildFastaIndex(path));
    return new FastaReference(path, text, sequences);
  } catch (error) {
    text.close();
    throw error;
  }
}

class FastaReference implements ReferenceSequence {
  readonly file: string;
  readonly #text: RandomAccess;
  readonly #sequences = new Map<string, FastaSequence>();
  readonly #verified = new Set<FastaSequence>();
  /** Stretches of `WINDOW_BP` bases, the least recently used first. */
  readonly #windows = new Map<string, string>();

  constructor(file: string, text: RandomAccess, sequences: readonly FastaSequence[]) {
    this.file = file;
    this.#text = text;
    for (const sequence of sequences) this.#sequences.set(sequence.name, sequence);
    for (const sequence of sequences) {
      const resolved = resolveContig('GRCh38', sequence.name);
      if (resolved.kind !== 'unknown' && !this.#sequences.has(resolved.name))
        this.#sequences.set(resolved.name, sequence);
    }
  }

  lengthBp(contig: string): number | undefined {
    return this.#find(contig)?.lengthBp;
  }

  bases(contig: string, start: number, end: number): string {
    const sequence = this.#find(contig);
    if (sequence === undefined) throw this.#fault(`the reference has no contig ${contig}`);
    if (!this.#verified.has(sequence)) this.#verify(sequence);
    const from = Math.max(0, start);
    const to = Math.min(end, sequence.lengthBp);
    let bases = '';
    for (let at = from; at < to; ) {
      const index = Math.floor(at / WINDOW_BP);
      const windowStart = index * WINDOW_BP;
      const part = this.#window(sequence, index).slice(at - windowStart, to - windowStart);
      bases += part;
      at += part.length;
    }
    return bases;
  }

  async close(): Promise<void> {
    this.#text.close();
  }

  #find(contig: string): FastaSequence | undefined {
    const exact = this.#sequences.get(contig);
    if (exact !== undefined) return exact;
    const resolved = resolveContig('GRCh38', contig);
    return resolved.kind === 'unknown' ? undefined : this.#sequences.get(resolved.name);
  }

  #window(sequence: FastaSequence, index: number): string {
    const key = `${sequence.offset}:${index}`;
    let window = this.#windows.get(key);
    if (window === undefined) window = this.#readWindow(sequence, index);
    else this.#windows.delete(key);
    this.#windows.set(key, window);
    if (this.#windows.size > MOST_WINDOWS) {
      const [oldest = ''] = this.#windows.keys();
      this.#windows.delete(oldest);
    }
    return window;
  }

  #readWindow(sequence: FastaSequence, index: number): string {
    const start = index * WINDOW_BP;
    const end = Math.min(start + WINDOW_BP, sequence.lengthBp);
    const from = byteOffset(sequence, start);
    const bytes = this.#text.read(from, byteOffset(sequence, end - 1) + 1 - from);
    const bases = bytes
      .toString('latin1')
      .replace(/[\r\n]+/g, '')
      .toUpperCase();
    if (bases.length !== end - start || !/^[A-Z*-]+$/.test(bases))
      throw this.#fault(`contig ${sequence.name} does not lie where the index says`);
    return bases;
  }

  /** That the title is in front of the first base and the sequence ends where the index says. */
  #verify(sequence: FastaSequence): void {
    const from = Math.max(0, sequence.offset - 4096);
    const before = this.#text.read(from, sequence.offset - from).toString('utf8');
    const title = /(?:^|\n)>([^\n]*)\n$/.exec(before)?.[1] ?? '';
    const last = sequence.lengthBp === 0 ? sequence.offset : byteOffset(sequence, sequence.lengthBp - 1) + 1;
    const after = this.#text.read(last, 3).toString('latin1');
    if (title.split(/\s/, 1)[0] !== sequence.name || !/^(\r?\n(>|\r|\n|$)|$)/.test(after))
      throw this.#fault(`contig ${sequence.name} does not lie where the index says: make the index again`);
    this.#verified.add(sequence);
  }

  #fault(reason: string): FormatError {
    return new FormatError('formats/fasta', reason, { location: { file: this.file } });
  }
}

function byteOffset(sequence: FastaSequence, base: number): number {
  const { offset, basesPerLine, bytesPerLine } = sequence;
  return offset + Math.floor(base / basesPerLine) * bytesPerLine + (base % basesPerLine);
}
