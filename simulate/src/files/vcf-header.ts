import { contigLengthBp } from '@federome/core';
import { type Cohort, subjectId } from '../people/cohort.ts';

/** The header of a country's VCF file, column line included. */
export function vcfHeader(cohort: Cohort, contigs: readonly string[]): string {
  const { country, people } = cohort;
  const lines = [
    '##fileformat=VCFv4.3',
    '##source=federome simulate: synthetic people, made-up reference bases except at known variants',
    '##FILTER=<ID=PASS,Description="All filters passed">',
    ...contigs.map(
      (contig) =>
        `##contig=<ID=${contigName(country.contigPrefix, contig)},length=${contigLengthBp('GRCh38', contig)},assembly=GRCh38>`,
    ),
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count in genotypes, for each alternate allele">',
    '##INFO=<ID=AN,Number=1,Type=Integer,Description="Number of alleles in called genotypes">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  ];
  const columns = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT'];
  for (let person = 0; person < people; person++) columns.push(subjectId(cohort, person));
  return `${lines.join('\n')}\n${columns.join('\t')}\n`;
}

/** What a file calls a contig: `22` or `chr22`, `MT` or `chrM`. */
export function contigName(prefix: '' | 'chr', contig: string): string {
  if (prefix === '') return contig;
  return contig === 'MT' ? 'chrM' : `chr${contig}`;
}
