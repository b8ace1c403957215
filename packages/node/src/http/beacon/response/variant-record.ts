import type { BeaconFrequency, VariantRecordInfo } from '@federome/client';
import {
  formatVariant,
  hgvsOf,
  type PopulationFrequency,
  refSeqAccession,
  typeOfVariant,
  type Variant,
  type VariantRecord,
} from '@federome/core';

/**
 * Beacon's `genomicVariation`: a LegacyVariation, its HGVS name, and its frequencies where they may be shown.
 * `sourceReference` is where more can be read about the dataset.
 */
export function variantResult(record: VariantRecord, sourceReference: string) {
  const { assembly, variant, frequencies, withheld, source } = record;
  const info: VariantRecordInfo = {
    disclosure: { suppressed: withheld.length > 0, populations: withheld },
  };
  return {
    variantInternalId: `${assembly}:${formatVariant(variant)}`,
    variation: legacyVariation(record),
    identifiers: identifiers(record),
    ...(frequencies.length === 0
      ? {}
      : {
          frequencyInPopulations: [
            {
              source,
              sourceReference,
              frequencies: frequencies.map(frequency),
            },
          ],
        }),
    info,
  };
}

function legacyVariation({ assembly, variant }: VariantRecord) {
  const accession = refSeqAccession(assembly, variant.contig);
  return {
    variantType: typeOfVariant(variant),
    referenceBases: written(variant.ref),
    alternateBases: written(variant.alt),
    location: {
      type: 'SequenceLocation',
      sequence_id: accession === undefined ? `${assembly}:${variant.contig}` : `refseq:${accession}`,
      interval: {
        type: 'SequenceInterval',
        start: { type: 'Number', value: variant.position },
        end: { type: 'Number', value: variant.position + variant.ref.length },
      },
    },
  };
}

/** Symbolic alleles have no bases: `.`, which the schema allows and VCF reads as unknown. */
function written(allele: Variant['alt']): string {
  return /^[ACGTUNRYSWKMBDHV]*$/.test(allele) ? allele : '.';
}

function identifiers({ assembly, variant, ids }: VariantRecord) {
  const hgvs = hgvsOf(assembly, variant);
  const known = ids.filter((id) => /^rs\d+$/.test(id));
  return {
    ...(hgvs === undefined ? {} : { genomicHGVSId: hgvs }),
    ...(known.length === 0
      ? {}
      : {
          variantAlternativeIds: known.map((id) => ({
            id: `dbSNP:${id}`,
            reference: `https://www.ncbi.nlm.nih.gov/snp/${id}`,
          })),
        }),
  };
}

function frequency({ population, counts }: PopulationFrequency): BeaconFrequency {
  const { ac, an, hom, het, hemi } = counts;
  return {
    population,
    alleleFrequency: an === 0 ? 0 : ac / an,
    alleleCount: ac,
    alleleNumber: an,
    ...(hom === undefined ? {} : { alleleCountHomozygous: hom }),
    ...(het === undefined ? {} : { alleleCountHeterozygous: het }),
    ...(hemi === undefined ? {} : { alleleCountHemizygous: hemi }),
  };
}
