import { PEOPLE_PER_BLOCK } from '@federome/core';
import { encodeCell } from '../segments/cells.ts';
import { readRice, riceBits, riceParameter, writeRice } from '../segments/rice.ts';
import {
  type Cell,
  COHORT_BYTES,
  type Cohorts,
  isComplement,
  isList,
  type Kernels,
  type ListBatch,
  MAX_PARAMETER,
  planeBytesOf,
  SET_KIND,
  type SetUnit,
} from './kernels.ts';

/** The kernels in plain TypeScript: what the WASM ones are checked against, and what serves where those were not built. */
export function scalarKernels(): Kernels {
  return new ScalarKernels();
}

class ScalarKernels implements Kernels {
  readonly name = 'scalar';
  #buffer = new ArrayBuffer(65_536);
  #bytes = new Uint8Array(this.#buffer);
  #words = new Uint32Array(this.#buffer);

  reserve(bytes: number): ArrayBuffer {
    if (bytes > this.#buffer.byteLength) {
      this.#buffer = this.#buffer.transfer(Math.ceil(bytes / 65_536) * 65_536);
      this.#bytes = new Uint8Array(this.#buffer);
      this.#words = new Uint32Array(this.#buffer);
    }
    return this.#buffer;
  }

  scatter(list: number, count: number, unit: SetUnit, limit: number, planes: number): number {
    const shift = unit === 'haplotypes' ? 1 : 0;
    let pairs = 0;
    let previous = -1;
    for (const number of new Uint32Array(this.#buffer, list, count)) {
      if (number <= previous || number >= limit) return -1;
      if ((number & shift) === 1 && number === previous + 1) pairs += 1;
      previous = number;
      const person = number >>> shift;
      const plane = planes + (2 * Math.floor(person / PEOPLE_PER_BLOCK) + (number & shift)) * COHORT_BYTES;
      const at = plane + ((person % PEOPLE_PER_BLOCK) >>> 3);
      this.#bytes[at] = this.#bytes[at]! | (1 << (person & 7));
    }
    return pairs;
  }

  encodeList(list: number, count: number, most: number, out: number): number {
    const numbers = new Uint32Array(this.#buffer, list, count);
    const parameter = riceParameter(numbers);
    const bytes = (riceBits() + 7) >>> 3;
    if (bytes > most) return -1;
    this.#words.set([count, bytes], out >> 2);
    this.#bytes.fill(0, out + 8, out + 8 + bytes);
    writeRice(numbers, count, parameter, parameter, this.#bytes, out + 8);
    return parameter;
  }

  encodeCell(planes: number, people: number, unit: SetUnit, _scratch: number, out: number): number {
    const cell = encodeCell(people, unit, this.#bytes.slice(planes, planes + 2 * COHORT_BYTES));
    this.#words.set([cell.units, cell.bytes.length], out >> 2);
    this.#bytes.set(cell.bytes, out + 8);
    return cell.kind;
  }

  countLists(batch: ListBatch): boolean {
    let to = batch.out >> 2;
    for (let set = 0; set < batch.sets; set += 1) {
      const kind = this.#bytes[batch.kinds + set]!;
      const word = (column: number): number => this.#words[(column >> 2) + set]!;
      const payload = batch.payload + word(batch.offsets);
      const numbers = this.#numbers(
        { kind, units: word(batch.counts), payload, bytes: word(batch.lengths) },
        batch.limit,
      );
      if (numbers === undefined) return false;
      for (let cohort = 0; cohort < batch.cohortCount; cohort += 1, to += 3) {
        this.#countList(batch, numbers, isComplement(kind), cohort, to);
      }
    }
    return true;
  }

  #countList(batch: ListBatch, numbers: Uint32Array, others: boolean, cohort: number, to: number): void {
    const bitmap = batch.cohorts + cohort * batch.stride;
    const haplotypes = batch.unit === 'haplotypes';
    const listed = new Set(numbers);
    let copies = 0;
    let both = 0;
    let hemis = 0;
    for (const number of numbers) {
      const person = haplotypes ? number >>> 1 : number;
      if (!this.#has(bitmap, person)) continue;
      copies += 1;
      if (!haplotypes) continue;
      const pair = listed.has(number ^ 1);
      if (pair && number % 2 === 1) both += 1;
      if (batch.uncalled === 0) continue;
      // Of those who do not carry, an uncalled one whose partner carries; of carriers, one whose partner is uncalled.
      const copy = others ? number & 1 : (number & 1) ^ 1;
      if (!(others && pair) && this.#has(batch.uncalled + copy * batch.stride, person)) hemis += 1;
    }
    const members = this.#words[(batch.members >> 2) + cohort]!;
    if (others) {
      both = haplotypes ? members - (copies - both) : 0;
      copies = (haplotypes ? 2 : 1) * members - copies;
    }
    this.#words[to] = copies;
    this.#words[to + 1] = both;
    this.#words[to + 2] = hemis;
  }

  #has(bitmap: number, bit: number): boolean {
    return ((this.#bytes[bitmap + (bit >>> 3)]! >> (bit & 7)) & 1) === 1;
  }

  /** The numbers that a list or complement writes down. */
  #numbers(
    { kind, units, payload, bytes }: Omit<Cell, 'people' | 'unit'>,
    limit: number,
  ): Uint32Array | undefined {
    if (kind === SET_KIND.empty) return new Uint32Array(0);
    if ((!isList(kind) && !isComplement(kind)) || units > 8 * bytes) return undefined;
    const parameter = kind - (isList(kind) ? SET_KIND.list : SET_KIND.complement);
    const numbers = new Uint32Array(units);
    const whole = readRice(
      this.#bytes,
      payload,
      payload + bytes,
      units,
      parameter,
      parameter,
      limit,
      numbers,
    );
    return whole ? numbers : undefined;
  }

  flipList(set: Omit<Cell, 'people'>, limit: number, planes: number, stride: number): boolean {
    const numbers = this.#numbers(set, limit);
    if (numbers === undefined) return false;
    const flip = (number: number): void => {
      const haplotypes = set.unit === 'haplotypes';
      const person = haplotypes ? number >>> 1 : number;
      for (let copy = 0; copy < 2; copy += 1) {
        const at = planes + copy * stride + (person >>> 3);
        if (!haplotypes || (number & 1) === copy) this.#bytes[at] = this.#bytes[at]! ^ (1 << (person & 7));
      }
    };
    if (isComplement(set.kind)) for (let number = 0; number < limit; number += 1) flip(number);
    numbers.forEach(flip);
    return true;
  }

  loadCell(cell: Cell, first: number, second: number): boolean {
    const planeBytes = planeBytesOf(cell.people);
    this.#bytes.fill(0, first, first + planeBytes);
    this.#bytes.fill(0, second, second + planeBytes);
    if (cell.kind === SET_KIND.planes) {
      if (cell.bytes !== (cell.unit === 'haplotypes' ? 2 : 1) * planeBytes) return false;
      const from = cell.payload;
      this.#bytes.copyWithin(first, from, from + planeBytes);
      this.#bytes.copyWithin(second, from + cell.bytes - planeBytes, from + cell.bytes);
      return true;
    }
    return this.flipCell(cell, first, second);
  }

  flipCell(cell: Cell, first: number, second: number): boolean {
    const limit = cell.unit === 'haplotypes' ? 2 * cell.people : cell.people;
    if (cell.kind !== SET_KIND.runs) return this.flipList(cell, limit, first, second - first);
    return this.#flipRuns(cell, limit, first, second);
  }

  countDifferences(
    set: number,
    others: number,
    count: number,
    planeBytes: number,
    step: number,
    out: number,
  ): void {
    for (let other = 0; other < count; other += 1) {
      let sum = 0;
      for (const plane of [0, COHORT_BYTES]) {
        for (let at = 0; at < planeBytes; at += 1) {
          if (at % step >= 16) continue;
          const own = this.#bytes[set + plane + at]!;
          sum += popcount(own ^ this.#bytes[others + 2 * COHORT_BYTES * other + plane + at]!);
        }
      }
      this.#words[(out >> 2) + other] = sum;
    }
  }

  #flipRuns(cell: Cell, limit: number, first: number, second: number): boolean {
    const { payload, bytes, units } = cell;
    const [gaps, lengths] = [this.#bytes[payload]!, this.#bytes[payload + 1]!];
    if (bytes < 2 || units > 4 * bytes || gaps > MAX_PARAMETER || lengths > MAX_PARAMETER) return false;
    const runs = new Uint32Array(2 * units);
    const end = payload + bytes;
    if (!readRice(this.#bytes, payload + 2, end, 2 * units, gaps, lengths, limit + 1, runs)) return false;
    for (let run = 0; run < cell.units; run += 1) {
      for (let number = runs[2 * run]!; number < runs[2 * run + 1]!; number += 1) {
        const haplotypes = cell.unit === 'haplotypes';
        const person = haplotypes ? number >>> 1 : number;
        for (const [copy, plane] of [first, second].entries()) {
          const at = plane + (person >>> 3);
          if (!haplotypes || (number & 1) === copy) this.#bytes[at] = this.#bytes[at]! ^ (1 << (person & 7));
        }
      }
    }
    return true;
  }

  countPlanes(
    { first, second, planeBytes }: { first: number; second: number; planeBytes: number },
    { cohorts, stride, cohortCount }: Pick<Cohorts, 'cohorts' | 'stride' | 'cohortCount'>,
    uncalled: number,
    out: number,
  ): void {
    const words = this.#words;
    for (let cohort = 0, to = out >> 2; cohort < cohortCount; cohort += 1, to += 3) {
      const members = (cohorts + cohort * stride) >> 2;
      for (let i = 0; i < planeBytes >> 2; i += 1) {
        const a = words[(first >> 2) + i]! & words[members + i]!;
        const b = words[(second >> 2) + i]! & words[members + i]!;
        words[to] = words[to]! + popcount(a) + popcount(b);
        words[to + 1] = words[to + 1]! + popcount(a & b);
        if (uncalled === 0) continue;
        const x = a & words[((uncalled + stride) >> 2) + i]!;
        const y = b & words[(uncalled >> 2) + i]!;
        words[to + 2] = words[to + 2]! + popcount(x) + popcount(y);
      }
    }
  }
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
