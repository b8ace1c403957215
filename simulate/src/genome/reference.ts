import { hash, mix } from '../random/random.ts';
import { PLANTED } from './planted.ts';

const BASES = 'ACGT';

/**
 * A made-up reference base at a 0-based position: the same in every country and for every seed. Where a planted
 * variant's REF is known, the base is the real one of GRCh38.
 */
export function referenceBase(contig: string, position: number): string {
  return KNOWN.get(`${contig}:${position}`) ?? BASES[mix(contigKey(contig) ^ position) & 3]!;
}

/** Made-up bases from a 0-based position on. */
export function referenceBases(contig: string, position: number, lengthBp: number): string {
  let bases = '';
  for (let offset = 0; offset < lengthBp; offset++) bases += referenceBase(contig, position + offset);
  return bases;
}

const KNOWN = new Map(
  PLANTED.flatMap((variant) =>
    [...variant.ref].map((base, offset) => [`${variant.contig}:${variant.position + offset}`, base] as const),
  ),
);

const keys = new Map<string, number>();

function contigKey(contig: string): number {
  let key = keys.get(contig);
  if (key === undefined) {
    key = hash(`reference ${contig}`);
    keys.set(contig, key);
  }
  return key;
}
