import { isSequence, type Variant } from './variant.ts';

/** The types of variation that can be asked for. */
export const VARIANT_TYPES = ['SNP', 'MNP', 'INS', 'DEL', 'INDEL', 'DUP', 'CNV', 'INV', 'BND'] as const;
/** A type of variation, as VCF and Beacon name it. */
export type VariantType = (typeof VARIANT_TYPES)[number];

/** What is left of REF and ALT without what they share; `start` is 0-based, either may be empty. */
export interface TrimmedAlleles {
  readonly start: number;
  readonly ref: string;
  readonly alt: string;
}

/** Trims what both alleles end with, then what both begin with, so that a left-aligned change stays where it is. */
export function trimAlleles(position: number, ref: string, alt: string): TrimmedAlleles {
  let tail = 0;
  while (tail < ref.length && tail < alt.length && ref.at(-1 - tail) === alt.at(-1 - tail)) tail += 1;
  const most = Math.min(ref.length, alt.length) - tail;
  let head = 0;
  while (head < most && ref[head] === alt[head]) head += 1;
  return {
    start: position + head,
    ref: ref.slice(head, ref.length - tail),
    alt: alt.slice(head, alt.length - tail),
  };
}

/**
 * The kind of change. Copy-number alleles are read as in 1000 Genomes: `<CN0>` has lost the stretch, `<CN2>` and more
 * have it twice or more often. `*` is the deletion that it stands for.
 */
export function typeOfVariant({
  position,
  ref,
  alt,
}: Pick<Variant, 'position' | 'ref' | 'alt'>): VariantType {
  if (alt === '*') return 'DEL';
  if (/[[\]]/.test(alt) || /^\.[ACGTN]|[ACGTN]\.$/.test(alt)) return 'BND';
  const symbol = /^<([^:>]+)/.exec(alt)?.[1]?.toUpperCase();
  if (symbol !== undefined) return typeOfSymbol(symbol);
  const trimmed = trimAlleles(position, ref, alt);
  if (trimmed.ref === '') return 'INS';
  if (trimmed.alt === '') return 'DEL';
  if (trimmed.ref.length !== trimmed.alt.length) return 'INDEL';
  return trimmed.ref.length === 1 ? 'SNP' : 'MNP';
}

function typeOfSymbol(symbol: string): VariantType {
  const copies = /^CN(\d+)$/.exec(symbol)?.[1];
  if (copies !== undefined) return copies === '0' ? 'DEL' : 'DUP';
  return VARIANT_TYPES.find((type) => type === symbol) ?? 'CNV';
}

/** Whether a variant is of that type; a copy-number variant is any symbolic gain or loss. */
export function isOfType(variant: Pick<Variant, 'position' | 'ref' | 'alt'>, type: VariantType): boolean {
  const own = typeOfVariant(variant);
  if (own === type) return true;
  return (
    type === 'CNV' && !isSequence(variant.alt) && (own === 'DEL' || own === 'DUP') && variant.alt !== '*'
  );
}

/** Bases that change: the longer of the trimmed alleles; `undefined` where the alternate is symbolic. */
export function changedLengthBp({ position, ref, alt }: Variant): number | undefined {
  if (!isSequence(alt)) return undefined;
  const trimmed = trimAlleles(position, ref, alt);
  return Math.max(trimmed.ref.length, trimmed.alt.length);
}
