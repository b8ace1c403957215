import { type CarrierBatch, COHORT_BYTES, type Kernels, SET_KIND } from './kernels.ts';

/** The kernels in plain TypeScript: what the WASM ones are checked against, and what serves where those were not built. */
export function scalarKernels(): Kernels {
  return new ScalarKernels();
}

class ScalarKernels implements Kernels {
  readonly name = 'scalar';
  #buffer = new ArrayBuffer(65_536);
  #bytes = new Uint8Array(this.#buffer);
  #halves = new Uint16Array(this.#buffer);
  #words = new Uint32Array(this.#buffer);

  reserve(bytes: number): ArrayBuffer {
    if (bytes > this.#buffer.byteLength) {
      this.#buffer = this.#buffer.transfer(Math.ceil(bytes / 65_536) * 65_536);
      this.#bytes = new Uint8Array(this.#buffer);
      this.#halves = new Uint16Array(this.#buffer);
      this.#words = new Uint32Array(this.#buffer);
    }
    return this.#buffer;
  }

  collect(calls: number, count: number, value: number, out: number): number {
    const halves = this.#halves;
    const from = calls >> 1;
    const wanted = value & 0xffff;
    let to = out >> 1;
    for (let index = 0; index < count; index += 1) if (halves[from + index] === wanted) halves[to++] = index;
    return to - (out >> 1);
  }

  lowestCall(calls: number, count: number): number {
    const values = new Int16Array(this.#buffer, calls, count);
    let lowest = 0;
    for (let index = 0; index < count; index += 1) lowest = Math.min(lowest, values[index]!);
    return lowest;
  }

  addSet(kind: number, units: number, payload: number, planes: number, planeBytes: number, people: number) {
    const from = payload >> 1;
    if (kind === SET_KIND.list) {
      for (let i = 0; i < units; i += 1) this.#write(planes, planeBytes, this.#halves[from + i]!, true);
    } else if (kind === SET_KIND.complement) {
      for (let h = 0; h < 2 * people; h += 1) this.#write(planes, planeBytes, h, true);
      for (let i = 0; i < units; i += 1) this.#write(planes, planeBytes, this.#halves[from + i]!, false);
    } else if (kind === SET_KIND.runs) {
      for (let i = 0; i < units; i += 1) {
        const start = this.#halves[from + 2 * i]!;
        const last = start + this.#halves[from + 2 * i + 1]!;
        for (let h = start; h <= last; h += 1) this.#write(planes, planeBytes, h, true);
      }
    } else if (kind === SET_KIND.planes) {
      for (let i = 0; i < 2 * planeBytes; i += 1) {
        this.#bytes[planes + i] = this.#bytes[planes + i]! | this.#bytes[payload + i]!;
      }
    }
  }

  #write(planes: number, planeBytes: number, haplotype: number, present: boolean): void {
    const at = planes + (haplotype & 1) * planeBytes + (haplotype >> 4);
    const bit = 1 << ((haplotype >> 1) & 7);
    this.#bytes[at] = present ? this.#bytes[at]! | bit : this.#bytes[at]! & ~bit;
  }

  countCarriers(batch: CarrierBatch): void {
    const { planeBytes, people, scratch } = batch;
    let to = batch.out >> 2;
    for (let site = 0; site < batch.sites; site += 1) {
      const kind = this.#bytes[batch.kinds + site]!;
      const units = this.#words[(batch.units >> 2) + site]!;
      const from = batch.payload + this.#words[(batch.offsets >> 2) + site]!;
      if (kind > SET_KIND.list) {
        this.#bytes.fill(0, scratch, scratch + 2 * planeBytes);
        this.addSet(kind, units, from, scratch, planeBytes, people);
      }
      for (let index = 0; index < batch.cohortCount; index += 1, to += 3) {
        const cohort = batch.cohorts + index * COHORT_BYTES;
        if (kind > SET_KIND.list) this.#countPlanes(batch, cohort, to);
        else this.#countList(batch, from >> 1, units, cohort, to);
      }
    }
  }

  #countPlanes({ scratch, planeBytes, uncalled }: CarrierBatch, cohort: number, to: number): void {
    const words = this.#words;
    const length = planeBytes >> 2;
    const [first, second, members, other] = [
      scratch >> 2,
      (scratch + planeBytes) >> 2,
      cohort >> 2,
      uncalled >> 2,
    ];
    let copies = 0;
    let homs = 0;
    let hemis = 0;
    for (let i = 0; i < length; i += 1) {
      const a = words[first + i]! & words[members + i]!;
      const b = words[second + i]! & words[members + i]!;
      copies += popcount(a) + popcount(b);
      homs += popcount(a & b);
      if (uncalled !== 0) {
        hemis += popcount(a & words[other + length + i]!) + popcount(b & words[other + i]!);
      }
    }
    words[to] = copies;
    words[to + 1] = homs;
    words[to + 2] = hemis;
  }

  #countList(batch: CarrierBatch, list: number, units: number, cohort: number, to: number): void {
    let copies = 0;
    let homs = 0;
    let hemis = 0;
    for (let i = 0; i < units; i += 1) {
      const haplotype = this.#halves[list + i]!;
      const person = haplotype >> 1;
      const bit = 1 << (person & 7);
      if ((this.#bytes[cohort + (person >> 3)]! & bit) === 0) continue;
      copies += 1;
      if ((haplotype & 1) === 0 && i + 1 < units && this.#halves[list + i + 1] === haplotype + 1) homs += 1;
      const partner = batch.uncalled + (1 - (haplotype & 1)) * batch.planeBytes + (person >> 3);
      if (batch.uncalled !== 0 && (this.#bytes[partner]! & bit) !== 0) hemis += 1;
    }
    this.#words[to] = copies;
    this.#words[to + 1] = homs;
    this.#words[to + 2] = hemis;
  }

  countUncalled(planes: number, planeBytes: number, cohorts: number, cohortCount: number, out: number): void {
    const words = this.#words;
    const length = planeBytes >> 2;
    for (let index = 0; index < cohortCount; index += 1) {
      const members = (cohorts + index * COHORT_BYTES) >> 2;
      let copies = 0;
      let both = 0;
      for (let i = 0; i < length; i += 1) {
        const a = words[(planes >> 2) + i]! & words[members + i]!;
        const b = words[(planes >> 2) + length + i]! & words[members + i]!;
        copies += popcount(a) + popcount(b);
        both += popcount(a & b);
      }
      words[(out >> 2) + 2 * index] = copies;
      words[(out >> 2) + 2 * index + 1] = both;
    }
  }
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
