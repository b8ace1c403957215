const BEFORE_4_3 = /^[^\s:,<>]+$/;
/** VCF 4.3, section 1.4.7, without what its conformance suite forbids. */
const SINCE_4_3 = /^[0-9A-Za-z!#$%&+./;?@^_|~-][0-9A-Za-z!#$%&+./;=?@^_|~-]*$/;
/** Alleles of the HLA genes are contigs of the GRCh38 analysis set under their own nomenclature. */
const HLA = /^HLA-[A-Z0-9]+\*[0-9:]+[A-Z]?$/;

/** Whether a contig may have that name in VCF 4.`minor`. */
export function isContigName(name: string, minor: number): boolean {
  return (minor >= 3 ? SINCE_4_3 : BEFORE_4_3).test(name) || HLA.test(name);
}
