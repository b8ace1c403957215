import { SET_KIND } from '../kernels/kernels.ts';

/** How a set of haplotypes is stored; its bytes are `setBytes(kind, units, planeBytes)` long. */
export interface EncodedSet {
  readonly kind: number;
  readonly units: number;
}

export function setBytes(kind: number, units: number, planeBytes: number): number {
  if (kind === SET_KIND.list || kind === SET_KIND.complement) return 2 * units;
  if (kind === SET_KIND.runs) return 4 * units;
  return kind === SET_KIND.planes ? 2 * planeBytes : 0;
}

/** The smallest of the encodings for ascending haplotypes of a block of that many people. */
export function chooseEncoding(haplotypes: Uint16Array, people: number, planeBytes: number): EncodedSet {
  const count = haplotypes.length;
  if (count === 0) return { kind: SET_KIND.empty, units: 0 };
  const others = 2 * people - count;
  const runs = runsOf(haplotypes);
  // Everyone is one run: only the empty set has no bytes, so that whatever else a site has lies in a page.
  const complement = others === 0 ? Number.POSITIVE_INFINITY : 2 * others;
  const smallest = Math.min(2 * count, complement, 4 * runs, 2 * planeBytes);
  if (smallest === 2 * count) return { kind: SET_KIND.list, units: count };
  if (smallest === complement) return { kind: SET_KIND.complement, units: others };
  if (smallest === 4 * runs) return { kind: SET_KIND.runs, units: runs };
  return { kind: SET_KIND.planes, units: 0 };
}

function runsOf(haplotypes: Uint16Array): number {
  let runs = 1;
  for (let i = 1; i < haplotypes.length; i += 1) if (haplotypes[i]! !== haplotypes[i - 1]! + 1) runs += 1;
  return runs;
}

/** Writes the set to `target` at an even offset; the bytes there must be zero. */
export function writeSet(
  { kind, units }: EncodedSet,
  haplotypes: Uint16Array,
  people: number,
  planeBytes: number,
  target: Uint8Array,
  offset: number,
): void {
  const halves = new Uint16Array(
    target.buffer,
    target.byteOffset + offset,
    kind === SET_KIND.runs ? 2 * units : units,
  );
  if (kind === SET_KIND.list) halves.set(haplotypes);
  else if (kind === SET_KIND.complement) writeComplement(haplotypes, 2 * people, halves);
  else if (kind === SET_KIND.runs) writeRuns(haplotypes, halves);
  else if (kind === SET_KIND.planes) {
    for (let i = 0; i < haplotypes.length; i += 1) {
      const haplotype = haplotypes[i]!;
      const at = offset + (haplotype & 1) * planeBytes + (haplotype >> 4);
      target[at] = target[at]! | (1 << ((haplotype >> 1) & 7));
    }
  }
}

function writeComplement(haplotypes: Uint16Array, total: number, out: Uint16Array): void {
  let next = 0;
  let to = 0;
  for (let haplotype = 0; haplotype < total; haplotype += 1) {
    if (haplotypes[next] === haplotype) next += 1;
    else out[to++] = haplotype;
  }
}

function writeRuns(haplotypes: Uint16Array, out: Uint16Array): void {
  let to = -2;
  for (let i = 0; i < haplotypes.length; i += 1) {
    const haplotype = haplotypes[i]!;
    if (i > 0 && haplotype === haplotypes[i - 1]! + 1) out[to + 1] = out[to + 1]! + 1;
    else {
      to += 2;
      out[to] = haplotype;
    }
  }
}

/** Ascending haplotypes of a stored set. */
export function readSet(
  { kind, units }: EncodedSet,
  people: number,
  planeBytes: number,
  payload: Uint8Array,
): Uint16Array {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const halves = Uint16Array.from({ length: setBytes(kind, units, planeBytes) >> 1 }, (_, i) =>
    view.getUint16(2 * i, true),
  );
  if (kind === SET_KIND.list) return halves;
  const found: number[] = [];
  if (kind === SET_KIND.complement) {
    for (let haplotype = 0, next = 0; haplotype < 2 * people; haplotype += 1) {
      if (halves[next] === haplotype) next += 1;
      else found.push(haplotype);
    }
  } else if (kind === SET_KIND.runs) {
    for (let i = 0; i < units; i += 1) {
      const start = halves[2 * i]!;
      for (let haplotype = start; haplotype <= start + halves[2 * i + 1]!; haplotype += 1)
        found.push(haplotype);
    }
  } else if (kind === SET_KIND.planes) {
    for (let haplotype = 0; haplotype < 2 * people; haplotype += 1) {
      const byte = payload[(haplotype & 1) * planeBytes + (haplotype >> 4)]!;
      if ((byte >> ((haplotype >> 1) & 7)) & 1) found.push(haplotype);
    }
  }
  return Uint16Array.from(found);
}
