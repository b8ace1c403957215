import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { GenotypeError } from '../errors.ts';
import { diskError } from '../manifest/durable-file.ts';

/** Words of a frame: what is read at once. */
const FRAME_WORDS = 1 << 16;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

interface Frame {
  readonly place: number;
  /** Stretches of its first and last chunk. */
  readonly first: number;
  readonly last: number;
  readonly offset: number;
  readonly words: number;
}

/**
 * Words by stretch of the genome, in the order in which they came: written while files are read one after the other,
 * read stretch by stretch afterwards. What exceeds `limitWords` goes, sorted by stretch, to a file that has no name from
 * the moment it is made, sealed under a key that only this object has: a process that ends leaves nothing to read.
 */
export class Spill {
  readonly #path: string;
  readonly #limitWords: number;
  readonly #key = randomBytes(32);
  /** Frames of each run by stretch. */
  readonly #runs: Frame[][] = [];
  readonly #spilled = new Set<number>();
  /** The frame that each run gave last. */
  readonly #opened: { readonly frame: Frame; readonly words: Uint32Array }[] = [];
  /** Where the chunks of each stretch begin: stretch, lane, number of words, words. */
  readonly #chunks = new Map<number, number[]>();
  #words = new Uint32Array(1 << 14);
  #length = 0;
  #open = -1;
  #file: number | undefined;
  #fileBytes = 0;
  #frames = 0;

  constructor(path: string, limitWords: number) {
    this.#path = path;
    this.#limitWords = limitWords;
  }

  get stretches(): ReadonlySet<number> {
    const all = new Set(this.#chunks.keys());
    for (const stretch of this.#spilled) all.add(stretch);
    return all;
  }

  /** Bytes that went to the file. */
  get spilledBytes(): number {
    return this.#fileBytes;
  }

  /** Makes room for some words of a lane in a stretch; exactly so many `push` must follow. */
  begin(stretch: number, lane: number, count: number): void {
    if (this.#length + count + 3 > this.#words.length) this.#makeRoom(count + 3);
    const open = this.#open;
    if (open >= 0 && this.#words[open] === stretch && this.#words[open + 1] === lane) {
      this.#words[open + 2] = this.#words[open + 2]! + count;
      return;
    }
    this.#open = this.#length;
    const chunks = this.#chunks.get(stretch);
    if (chunks === undefined) this.#chunks.set(stretch, [this.#length]);
    else chunks.push(this.#length);
    this.push(stretch);
    this.push(lane);
    this.push(count);
  }

  push(word: number): void {
    this.#words[this.#length++] = word;
  }

  /** Calls `take` with every run of words of the stretch, in the order in which they were written. */
  read(stretch: number, take: Take): void {
    this.#runs.forEach((frames, run) => {
      for (let place = firstThatReaches(frames, stretch); frames[place] !== undefined; place += 1) {
        if (frames[place]!.first > stretch) break;
        takeChunks(this.#frame(run, frames[place]!), stretch, take);
      }
    });
    for (const at of this.#chunks.get(stretch) ?? []) {
      take(this.#words[at + 1]!, this.#words.subarray(at + 3, at + 3 + this.#words[at + 2]!));
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #makeRoom(count: number): void {
    if (this.#length > 0 && this.#length + count > this.#limitWords) this.#flush();
    if (this.#length + count <= this.#words.length) return;
    const words = new Uint32Array(
      Math.max(this.#length + count, Math.min(2 * this.#words.length, this.#limitWords)),
    );
    words.set(this.#words.subarray(0, this.#length));
    this.#words = words;
  }

  #flush(): void {
    let frame = new Uint32Array(FRAME_WORDS);
    let [used, first, last] = [0, 0, 0];
    const frames: Frame[] = [];
    const write = () => {
      if (used > 0) frames.push(this.#writeFrame(frame.subarray(0, used), first, last));
      used = 0;
    };
    for (const stretch of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      this.#spilled.add(stretch);
      for (const at of this.#chunks.get(stretch)!) {
        const chunk = this.#words.subarray(at, at + 3 + this.#words[at + 2]!);
        if (used + chunk.length > frame.length) {
          write();
          if (chunk.length > frame.length) frame = new Uint32Array(chunk.length);
        }
        if (used === 0) first = stretch;
        last = stretch;
        frame.set(chunk, used);
        used += chunk.length;
      }
    }
    write();
    this.#runs.push(frames);
    this.#chunks.clear();
    this.#length = 0;
    this.#open = -1;
  }

  #writeFrame(words: Uint32Array, first: number, last: number): Frame {
    const cipher = createCipheriv(CIPHER, this.#key, nonceOf(this.#frames));
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    const frame = { place: this.#frames, first, last, offset: this.#fileBytes, words: words.length };
    this.#frames += 1;
    try {
      this.#file ??= openUnnamed(this.#path);
      for (let at = 0; at < sealed.length; )
        at += writeSync(this.#file, sealed, at, sealed.length - at, this.#fileBytes + at);
    } catch (cause) {
      throw diskError(cause, this.#path);
    }
    this.#fileBytes += sealed.length;
    return frame;
  }

  #frame(run: number, frame: Frame): Uint32Array {
    const opened = this.#opened[run];
    if (opened?.frame === frame) return opened.words;
    const sealed = new Uint8Array(4 * frame.words + TAG_BYTES);
    const bytesRead = readSync(this.#file!, sealed, 0, sealed.length, frame.offset);
    const decipher = createDecipheriv(CIPHER, this.#key, nonceOf(frame.place));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const bytes = new Uint8Array(4 * frame.words);
    try {
      bytes.set(decipher.update(sealed.subarray(0, bytesRead - TAG_BYTES)));
      decipher.final();
    } catch (cause) {
      throw new GenotypeError(
        'genotypes/corrupt',
        'what was set aside while files were read came back damaged',
        {
          cause,
          location: { file: this.#path },
        },
      );
    }
    const words = new Uint32Array(bytes.buffer);
    this.#opened[run] = { frame, words };
    return words;
  }
}

function firstThatReaches(frames: readonly Frame[], stretch: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (frames[middle]!.last < stretch) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Take = (lane: number, words: Uint32Array) => void;

function takeChunks(words: Uint32Array, stretch: number, take: Take): void {
  for (let at = 0; at < words.length; at += 3 + words[at + 2]!) {
    if (words[at]! > stretch) return;
    if (words[at] === stretch) take(words[at + 1]!, words.subarray(at + 3, at + 3 + words[at + 2]!));
  }
}

/** A file that is gone when it is closed, however the process ends. */
function openUnnamed(path: string): number {
  const file = openSync(path, 'w+', 0o600);
  rmSync(path);
  return file;
}

function nonceOf(frame: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(frame, 0);
  return nonce;
}
