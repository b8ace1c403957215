import {
  type Assembly,
  type Interval,
  normaliseSite,
  parseRegion,
  resolveContig,
  type SourceLocation,
  type Variant,
} from '@federome/core';
import { NodeError } from './errors.ts';

/**
 * Reads `22-16050075-A-G` (1-based, any name of the contig; `:` does as well as `-`) as a minimal variant. Without a
 * reference it is not left-aligned. Throws `node/bad-request`.
 */
export function parseVariant(text: string, assembly: Assembly): Variant {
  const [, contig, position, ref, alt] =
    /^([^\s:-]+)[:-](\d+)[:-]([^\s:-]+)[:-](\S+)$/.exec(text.trim()) ?? [];
  if (contig === undefined || position === undefined || ref === undefined || alt === undefined) {
    throw new NodeError(
      'node/bad-request',
      `'${text}' is not a variant: expected CONTIG-POS-REF-ALT such as 22-16050075-A-G`,
    );
  }
  return variantOf(contig, position, ref, alt, assembly);
}

/** The variants of a table with the columns contig, pos (1-based), ref and alt. Throws FormatError, `node/bad-request`. */
export async function readVariants(path: string, assembly: Assembly): Promise<readonly Variant[]> {
  const { FormatError, openInput, openTable, utf8Text } = await import('@federome/formats');
  const table = await openTable(utf8Text((await openInput(path)).chunks, path), path);
  const [contigAt, posAt, refAt, altAt] = ['contig', 'pos', 'ref', 'alt'].map((name) => {
    const at = table.columns.findIndex((column) => column.toLowerCase() === name);
    if (at >= 0) return at;
    throw new FormatError(
      'formats/missing-column',
      `has no column '${name}' (expected contig, pos, ref, alt; found ${table.columns.join(', ')})`,
      { location: { file: path, line: table.headerLine } },
    );
  });
  const variants: Variant[] = [];
  for await (const { cells, line } of table.rows) {
    const [contig, pos, ref, alt] = [contigAt, posAt, refAt, altAt].map((at) => cells[at!]!.trim());
    variants.push(variantOf(contig!, pos!, ref!, alt!, assembly, { file: path, line }));
  }
  return variants;
}

/**
 * Reads `chr22:16050000-16060000` (1-based, both ends in) with whatever name the contig has. Throws `core/bad-interval`,
 * `node/assembly-mismatch`.
 */
export function parseRegionOf(text: string, assembly: Assembly): Interval {
  const interval = parseRegion(text);
  return { ...interval, contig: contigOf(interval.contig, assembly) };
}

function contigOf(contig: string, assembly: Assembly, location?: SourceLocation): string {
  const resolved = resolveContig(assembly, contig);
  if (resolved.kind === 'other-assembly') {
    throw new NodeError(
      'node/assembly-mismatch',
      `'${contig}' is of ${resolved.assembly}, the dataset of ${assembly}`,
      { location },
    );
  }
  return resolved.kind === 'contig' ? resolved.name : contig;
}

function variantOf(
  contig: string,
  position: string,
  ref: string,
  alt: string,
  assembly: Assembly,
  location?: SourceLocation,
): Variant {
  const name = contigOf(contig, assembly, location);
  const start = Number(position) - 1;
  if (!/^\d+$/.test(position) || start < 0) {
    throw new NodeError('node/bad-request', `'${position}' is not a 1-based position`, { location });
  }
  return normaliseSite({ contig: name, position: start, ref, alts: [alt] })[0]!.variant;
}
