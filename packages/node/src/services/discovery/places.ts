import {
  type Assembly,
  type Interval,
  parseGenomicHgvs,
  resolveContig,
  type VariantQuestion,
} from '@federome/core';
import type { Site } from '@federome/genotypes';
import { NodeError } from '../../errors.ts';
import { alleleMatcher, alleleStartsAt, hgvsMatcher } from './alleles.ts';
import type { DiscoveryPorts } from './ports.ts';

/** Where to look in a dataset of one assembly, and which of the sites there are meant. */
export interface Search {
  readonly interval: Interval;
  readonly matches: (site: Site) => boolean;
  /** Few of the sites there can match, so that they are looked at before anybody's genotypes are counted. */
  readonly few?: boolean;
}

// A question may name an indel where a file wrote it; normalised, it lies up to this much further left.
const SHIFT_BP = 1_000;

/**
 * What a question about variants means on an assembly. `other-assembly`: it is about another one, by an accession.
 * Throws `node/bad-request` for an unknown contig or name, `node/unknown-gene`.
 */
export async function placeOn(
  assembly: Assembly,
  question: VariantQuestion,
  genes: DiscoveryPorts['genes'],
): Promise<Search | { readonly otherAssembly: Assembly }> {
  if (question.kind === 'gene') {
    const gene = await genes.find(assembly, question.geneId);
    if (gene === undefined) {
      throw new NodeError(
        'node/unknown-gene',
        `geneId: no gene of that symbol or Ensembl id is known on ${assembly}`,
      );
    }
    const interval = { contig: gene.contig, start: gene.start, end: gene.end };
    return { interval, matches: alleleMatcher(question, assembly) };
  }
  const name =
    question.kind === 'hgvs' ? hgvs(question.genomicAlleleShortForm).accession : question.referenceName;
  const resolved = resolveContig(assembly, name);
  if (resolved.kind === 'other-assembly') return { otherAssembly: resolved.assembly };
  if (resolved.kind === 'unknown') {
    throw new NodeError(
      'node/bad-request',
      'referenceName: expected a contig such as 22, chr22, NC_000022.11 or refseq:NC_000022.11',
    );
  }
  return searchAt(resolved.name, question, assembly);
}

function searchAt(
  contig: string,
  question: Exclude<VariantQuestion, { kind: 'gene' }>,
  assembly: Assembly,
): Search {
  switch (question.kind) {
    case 'hgvs': {
      const { change } = hgvs(question.genomicAlleleShortForm);
      const end = 'end' in change ? change.end : change.start + 1;
      const start = Math.max(0, change.start - SHIFT_BP);
      return { interval: { contig, start, end: end + 1 }, matches: hgvsMatcher(change), few: true };
    }
    case 'sequence': {
      const { start, referenceBases = '', alternateBases = '' } = question;
      const shift = referenceBases.length === 1 && alternateBases.length === 1 ? 0 : SHIFT_BP;
      const end = start + Math.max(1, referenceBases.length);
      const conditions = alleleMatcher(
        { ...question, referenceBases: undefined, alternateBases: undefined },
        assembly,
      );
      const starts = alleleStartsAt(question);
      return {
        interval: { contig, start: Math.max(0, start - 1 - shift), end },
        matches: (site) => starts(site) && conditions(site),
        few: true,
      };
    }
    case 'range':
      return {
        interval: { contig, start: question.start, end: question.end },
        matches: alleleMatcher(question, assembly),
      };
    case 'bracket': {
      const [startFrom, startTo] = question.start;
      const [endFrom, endTo] = question.end;
      const conditions = alleleMatcher(question, assembly);
      return {
        interval: { contig, start: startFrom, end: Math.max(endTo, startTo) },
        matches: (site) => {
          const { position, ref } = site.variant;
          const end = position + ref.length;
          return (
            position >= startFrom && position < startTo && end >= endFrom && end < endTo && conditions(site)
          );
        },
      };
    }
  }
}

function hgvs(text: string) {
  const parsed = parseGenomicHgvs(text);
  if (parsed === undefined) {
    throw new NodeError(
      'node/bad-request',
      'genomicAlleleShortForm: expected a genomic HGVS name of one change on an NC_ accession, e.g. NC_000022.11:g.36265860A>G',
    );
  }
  return parsed;
}
