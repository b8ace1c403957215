import { contigLengthBp, PRIMARY_CONTIGS } from '@federome/core';
import { SimulateError } from '../errors.ts';
import { GENES } from './genes.ts';

/** A stretch of the genome in which sites lie; 0-based, half-open. Regions do not overlap. */
export interface Region {
  readonly index: number;
  readonly contig: string;
  readonly start: number;
  readonly end: number;
  /** `undefined` for background. */
  readonly gene: string | undefined;
  /** Sites to place. */
  readonly sites: number;
}

const FLANK_BP = 1_000;
const BACKGROUND_START = 33_000_000;
const BACKGROUND_START_X = 66_000_000;
const BACKGROUND_SPACING_BP = 400;
const BACKGROUND_MAX_BP = 1_400_000;
const BACKGROUND_MAX_SITES = 100_000;
const GENE_SHARE = 0.45;

/** Fewer could not hold the planted variants with neighbours; more would crowd the regions. */
export const VARIANT_LIMITS = { fewest: 500, most: 2_000_000 } as const;

/**
 * Genes (with 1 kb around) and one background stretch on every autosome, X and MT, in genome order, with `variants`
 * sites shared among them: genes by the square root of their length, the rest evenly.
 */
export function layRegions(variants: number): readonly Region[] {
  if (!Number.isInteger(variants) || variants < VARIANT_LIMITS.fewest || variants > VARIANT_LIMITS.most) {
    throw new SimulateError(
      'simulate/bad-size',
      `${variants} variants: expected a whole number from ${VARIANT_LIMITS.fewest} to ${VARIANT_LIMITS.most}`,
    );
  }
  const genes = geneRegions(Math.round(variants * GENE_SHARE));
  const rest = variants - genes.reduce((sum, gene) => sum + gene.sites, 0);
  const order = new Map(PRIMARY_CONTIGS.map((contig, index) => [contig, index]));
  return [...genes, ...backgroundRegions(rest)]
    .sort((a, b) => order.get(a.contig)! - order.get(b.contig)! || a.start - b.start)
    .map((region, index) => ({ ...region, index }));
}

type Placed = Omit<Region, 'index'>;

function geneRegions(sites: number): Placed[] {
  const roots = GENES.map((gene) => Math.sqrt(gene.end - gene.start));
  const total = roots.reduce((sum, root) => sum + root, 0);
  return GENES.map((gene, index) => {
    const start = gene.start - FLANK_BP;
    const end = gene.end + FLANK_BP;
    const share = Math.round((sites * roots[index]!) / total);
    return {
      contig: gene.contig,
      start,
      end,
      gene: gene.symbol,
      sites: Math.max(3, Math.min(share, Math.floor((end - start) / 12))),
    };
  });
}

function backgroundRegions(sites: number): Placed[] {
  const contigs = PRIMARY_CONTIGS.filter((contig) => contig !== 'Y' && contig !== 'MT');
  const mitochondrial = Math.min(24, Math.round(sites * 0.01));
  const each = Math.min(BACKGROUND_MAX_SITES, Math.floor((sites - mitochondrial) / contigs.length));
  const lengthBp = Math.min(BACKGROUND_MAX_BP, Math.max(20_000, each * BACKGROUND_SPACING_BP));
  const nuclear = contigs.map((contig, index) => {
    const start = contig === 'X' ? BACKGROUND_START_X : BACKGROUND_START;
    const spare = index === 0 ? sites - mitochondrial - each * contigs.length : 0;
    return { contig, start, end: start + lengthBp, gene: undefined, sites: each + spare };
  });
  const lengthMt = contigLengthBp('GRCh38', 'MT')!;
  return [
    ...nuclear,
    { contig: 'MT', start: 600, end: lengthMt - 400, gene: undefined, sites: mitochondrial },
  ];
}
