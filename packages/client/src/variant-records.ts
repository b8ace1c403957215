import {
  type AlleleCounts,
  ASSEMBLIES,
  type Assembly,
  normaliseSite,
  type PopulationFrequency,
  parseAssembly,
  resolveContig,
  type Variant,
  type VariantRecord,
} from '@federome/core';
import Type from 'typebox';
import { ClientError } from './errors.ts';
import { expectShape, matches } from './schemas.ts';

const Frequency = Type.Object({
  population: Type.String({ maxLength: 200 }),
  alleleFrequency: Type.Number({ minimum: 0, maximum: 1 }),
  alleleCount: Type.Optional(Type.Integer({ minimum: 0 })),
  alleleNumber: Type.Optional(Type.Integer({ minimum: 0 })),
  alleleCountHomozygous: Type.Optional(Type.Integer({ minimum: 0 })),
  alleleCountHeterozygous: Type.Optional(Type.Integer({ minimum: 0 })),
  alleleCountHemizygous: Type.Optional(Type.Integer({ minimum: 0 })),
});
type Frequency = Type.Static<typeof Frequency>;

const VariationRecord = Type.Object({
  variantInternalId: Type.Optional(Type.String()),
  variation: Type.Unknown(),
  frequencyInPopulations: Type.Optional(
    Type.Array(
      Type.Object({
        source: Type.Optional(Type.String()),
        frequencies: Type.Optional(Type.Array(Frequency)),
      }),
    ),
  ),
  identifiers: Type.Optional(Type.Unknown()),
  info: Type.Optional(Type.Unknown()),
});

const Legacy = Type.Object({
  referenceBases: Type.String({ maxLength: 10_000 }),
  alternateBases: Type.String({ maxLength: 10_000 }),
  variantType: Type.Optional(Type.String()),
});
const Coordinate = Type.Union([
  Type.Integer({ minimum: 0 }),
  Type.Object({ value: Type.Integer({ minimum: 0 }) }),
]);
const Located = Type.Object({
  location: Type.Object({
    sequence_id: Type.String({ maxLength: 100 }),
    interval: Type.Object({ start: Coordinate }),
  }),
});
/** Where the reference implementation of 2.0 keeps the place of a record. */
const Positioned = Type.Object({
  _position: Type.Object({
    assemblyId: Type.Optional(Type.String()),
    refseqId: Type.String({ maxLength: 100 }),
    start: Type.Union([
      Type.Integer({ minimum: 0 }),
      Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1 }),
    ]),
  }),
});
const Identified = Type.Object({
  variantAlternativeIds: Type.Array(Type.Object({ id: Type.String({ maxLength: 200 }) })),
});
const Withheld = Type.Object({ disclosure: Type.Object({ populations: Type.Array(Type.String()) }) });

/**
 * Reads records of `/g_variants` with their frequencies; those without a place on a known assembly or without REF and
 * ALT are left out, frequencies without AC and AN too: neither can be merged. `assembly` is that of the question, for
 * records that name their contig without one. Throws `client/wrong-schema` for numbers that cannot be.
 */
export function readVariantRecords(
  results: readonly unknown[],
  assembly?: Assembly,
): readonly VariantRecord[] {
  return results.flatMap((result) => {
    const record = expectShape(VariationRecord, result, 'a g_variants record');
    const placed = placeOf(record, result, assembly);
    if (placed === undefined) return [];
    const groups = record.frequencyInPopulations ?? [];
    return [
      {
        ...placed,
        frequencies: groups.flatMap((group) => (group.frequencies ?? []).flatMap(readFrequency)),
        withheld: matches(Withheld, record.info) ? record.info.disclosure.populations : [],
        ids: matches(Identified, record.identifiers)
          ? record.identifiers.variantAlternativeIds.map((alternative) => alternative.id)
          : [],
        source: groups[0]?.source ?? '',
      },
    ];
  });
}

function readFrequency(row: Frequency): readonly PopulationFrequency[] {
  const { population, alleleCount: ac, alleleNumber: an } = row;
  if (ac === undefined || an === undefined || an === 0) return [];
  if (ac > an || Math.abs(ac / an - row.alleleFrequency) > 0.01) {
    throw new ClientError('client/wrong-schema', 'states an allele frequency that contradicts itself');
  }
  return [{ population, counts: { ac, an, ...genotypesOf(row, ac) } }];
}

/**
 * People by genotype. Some Beacons write people into these fields, others the alleles in such genotypes (as AC_Hom of
 * bcftools' fill-tags): AC tells which. Left out where it fits neither.
 */
function genotypesOf(row: Frequency, ac: number): Partial<Pick<AlleleCounts, 'hom' | 'het' | 'hemi'>> {
  const { alleleCountHomozygous: hom, alleleCountHeterozygous: het } = row;
  const hemi = row.alleleCountHemizygous ?? 0;
  if (hom === undefined || het === undefined) return {};
  if (2 * hom + het + hemi === ac) return { hom, het, hemi };
  return hom % 2 === 0 && hom + het + hemi === ac ? { hom: hom / 2, het, hemi } : {};
}

function placeOf(
  record: Type.Static<typeof VariationRecord>,
  whole: unknown,
  asked: Assembly | undefined,
): { assembly: Assembly; variant: Variant } | undefined {
  const { variation } = record;
  if (!matches(Legacy, variation)) return undefined;
  const alleles = {
    ref: variation.referenceBases.toUpperCase(),
    alt:
      symbolicAllele(record.variantInternalId, variation.alternateBases) ??
      variation.alternateBases.toUpperCase(),
  };
  const stated = assemblyIn(record.variantInternalId) ?? asked;
  const found = matches(Located, variation)
    ? locate(variation.location.sequence_id, variation.location.interval.start, stated)
    : matches(Positioned, whole)
      ? locate(
          whole._position.refseqId,
          [whole._position.start].flat()[0] ?? 0,
          parseAssembly(whole._position.assemblyId ?? '') ?? stated,
        )
      : undefined;
  return found && { assembly: found.assembly, variant: minimal({ ...found.place, ...alleles }) };
}

/** Others write what both alleles share: without it, equal changes have equal values. */
function minimal(variant: Variant): Variant {
  const { contig, position, ref, alt } = variant;
  return normaliseSite({ contig, position, ref, alts: [alt] })[0]?.variant ?? variant;
}

function assemblyIn(id: string | undefined): Assembly | undefined {
  const prefix = /^[A-Za-z0-9.]+/.exec(id ?? '')?.[0];
  return prefix === undefined ? undefined : parseAssembly(prefix);
}

/** The standard has no place for `<DEL>` or a breakend but `.`: our Beacons name it at the end of the record's id. */
function symbolicAllele(id: string | undefined, alternateBases: string): string | undefined {
  if (alternateBases !== '.') return undefined;
  return /^GRCh3[78]:[^-]+-\d+-[A-Z]*-(.{1,1000})$/.exec(id ?? '')?.[1];
}

function locate(
  sequence: string,
  start: Type.Static<typeof Coordinate>,
  stated: Assembly | undefined,
): { assembly: Assembly; place: { contig: string; position: number } } | undefined {
  const position = typeof start === 'number' ? start : start.value;
  const named = /^(GRCh3[78]):(.+)$/.exec(sequence);
  const assemblyNamed = named === null ? undefined : parseAssembly(named[1]!);
  if (assemblyNamed !== undefined)
    return { assembly: assemblyNamed, place: { contig: named![2]!, position } };
  const isAccession = /^(refseq:)?NC_/i.test(sequence);
  // The accession of MT is that of both assemblies: what is stated comes first.
  const candidates = isAccession ? [...(stated ? [stated] : []), ...ASSEMBLIES] : stated ? [stated] : [];
  for (const assembly of candidates) {
    const contig = resolveContig(assembly, sequence);
    if (contig.kind === 'contig') return { assembly, place: { contig: contig.name, position } };
  }
  return undefined;
}
