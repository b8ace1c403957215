import { ASSEMBLIES, type Assembly, contigLengthBp, parseAssembly, resolveContig } from '@federome/core';
import { refusal } from '../place.ts';
import type { MetaLine } from './meta-line.ts';

export interface DeclaredContig {
  readonly name: string;
  readonly lengthBp: number | undefined;
  readonly meta: MetaLine;
}

const NAMES: readonly (readonly [RegExp, Assembly])[] = [
  [/grch37|hg19|hs37|(^|[^a-z0-9])[bv]37([^0-9]|$)|assembly19|gcf_000001405\.(13|25)/i, 'GRCh37'],
  [/grch38|hg38|hs38|(^|[^a-z0-9])b38([^0-9]|$)|assembly38|gcf_000001405\.(2[6-9]|[34]\d)/i, 'GRCh38'],
];
const NEITHER = /ncbi36|hg18|(^|[^a-z0-9])b36([^0-9]|$)|chm13|t2t/i;

/** The assembly that a file name, URL or word names; `neither` for one that Federome does not hold. */
export function namedAssembly(text: string): Assembly | 'neither' | undefined {
  for (const part of [text.split('/').at(-1) ?? '', text]) {
    const found = NAMES.filter(([pattern]) => pattern.test(part)).map(([, assembly]) => assembly);
    if (found.length === 1) return found[0];
    if (found.length > 1) return undefined;
    if (NEITHER.test(part)) return 'neither';
  }
  return parseAssembly(text);
}

/** The assembly that a header states by `##reference`, `##assembly` or the lengths of its contigs. */
export function statedAssembly(
  references: readonly MetaLine[],
  contigs: readonly DeclaredContig[],
): Assembly | undefined {
  const fitting = ASSEMBLIES.filter((assembly) => contigs.some((contig) => fits(contig, assembly)));
  if (fitting.length === 1) return fitting[0];
  for (const meta of references) {
    const named = namedAssembly(meta.value);
    if (named !== undefined && named !== 'neither') return named;
  }
  return undefined;
}

function fits({ name, lengthBp }: DeclaredContig, assembly: Assembly): boolean {
  const resolved = resolveContig(assembly, name);
  if (resolved.kind !== 'contig' || resolved.name === 'MT') return false;
  return lengthBp !== undefined && contigLengthBp(assembly, resolved.name) === lengthBp;
}

/**
 * Refuses a header that says it was called against something else. The mitochondrial contig of hg19 has another
 * length than the rCRS in files that are otherwise GRCh37: it is left to the records on it.
 */
export function checkStatedAssembly(
  assembly: Assembly,
  references: readonly MetaLine[],
  contigs: readonly DeclaredContig[],
): void {
  for (const { name, lengthBp, meta } of contigs) {
    const resolved = resolveContig(assembly, name);
    if (resolved.kind === 'other-assembly')
      throw refusal(
        'formats/wrong-assembly',
        `contig ${name} is of ${resolved.assembly}, the dataset of ${assembly}`,
        meta.place,
      );
    if (resolved.kind === 'unknown' || resolved.name === 'MT' || lengthBp === undefined) continue;
    const expected = contigLengthBp(assembly, resolved.name);
    if (lengthBp !== expected)
      throw refusal(
        'formats/wrong-assembly',
        `contig ${name} has ${lengthBp} base pairs, but ${expected} in ${assembly}`,
        meta.place,
      );
  }
  for (const meta of references) {
    const named = namedAssembly(meta.value);
    if (named !== undefined && named !== assembly)
      throw refusal(
        'formats/wrong-assembly',
        `##${meta.key} names ${named === 'neither' ? 'another assembly' : named}, the dataset is ${assembly}`,
        meta.place,
      );
  }
}
