import type { VariantType } from '@federome/core';
import { badRequest } from './values.ts';

const NAMES: Readonly<Record<VariantType, readonly string[]>> = {
  SNP: ['SNP', 'SNV', 'SO:0001483'],
  MNP: ['MNP', 'MNV', 'SO:0002007'],
  INS: ['INS', 'SO:0000667'],
  DEL: ['DEL', 'SO:0000159', 'SO:0001743', 'EFO:0030067', 'EFO:0030068', 'EFO:0020073', 'EFO:0030069'],
  INDEL: ['INDEL', 'DELINS', 'SO:1000032'],
  DUP: ['DUP', 'SO:1000035', 'SO:0001742', 'EFO:0030070', 'EFO:0030071', 'EFO:0030072', 'EFO:0030073'],
  CNV: ['CNV', 'SO:0001019', 'EFO:0030066'],
  INV: ['INV', 'SO:1000036'],
  BND: ['BND', 'SO:0001872'],
};

const TYPES = new Map<string, VariantType>();
for (const type of Object.keys(NAMES) as VariantType[]) for (const name of NAMES[type]) TYPES.set(name, type);

/**
 * A variant type by its VCF name, by SO term, or by the EFO terms of copy number that Beacon documents. The graded ones
 * (low-level gain, complete loss) are taken as gain or loss, because genotypes here do not grade.
 */
export function parseVariantType(text: string): VariantType {
  const type = TYPES.get(text.trim().toUpperCase());
  if (type === undefined)
    throw badRequest('variantType', `${Object.keys(NAMES).join(', ')}, or an SO or EFO term`);
  return type;
}
