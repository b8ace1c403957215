import {
  type AlleleConditions,
  type Assembly,
  changedLengthBp,
  type HgvsChange,
  isOfType,
  isSequence,
  resolveContig,
  trimAlleles,
  typeOfVariant,
  type VariantQuestion,
} from '@federome/core';
import type { Site } from '@federome/genotypes';

/** An allele as somebody may write it: normalised, as its file had it, or trimmed to what changes. */
interface Writing {
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
}

type Conditions = {
  readonly [Key in keyof AlleleConditions]?: AlleleConditions[Key] | undefined;
};

/** Whether a site meets the conditions beside a place. Bases may be those of any writing of the allele. */
export function alleleMatcher(conditions: Conditions, assembly: Assembly): (site: Site) => boolean {
  const checks: ((site: Site) => boolean)[] = [];
  const { referenceBases, alternateBases, variantType, mateName, variantMinLength, variantMaxLength } =
    conditions;
  if (referenceBases !== undefined || alternateBases !== undefined) {
    const bases = basesMatcher(referenceBases, alternateBases);
    const trimmed = referenceBases === '' || alternateBases === '';
    checks.push((site) => writings(site, trimmed).some(bases));
  }
  if (variantType !== undefined) checks.push(({ variant }) => isOfType(variant, variantType));
  if (mateName !== undefined) checks.push(({ variant }) => joins(variant.alt, mateName, assembly));
  if (variantMinLength !== undefined || variantMaxLength !== undefined) {
    checks.push(({ variant }) => {
      const length = changedLengthBp(variant);
      return (
        length !== undefined && length >= (variantMinLength ?? 0) && length <= (variantMaxLength ?? Infinity)
      );
    });
  }
  return (site) => checks.every((check) => check(site));
}

/** Whether one of a site's writings starts where a sequence question says, with its bases. */
export function alleleStartsAt(
  question: Extract<VariantQuestion, { kind: 'sequence' }>,
): (site: Site) => boolean {
  const { start, referenceBases, alternateBases } = question;
  const bases = basesMatcher(referenceBases, alternateBases);
  const plain = [referenceBases, alternateBases].every((text) => text !== undefined && !text.includes('N'));
  const change = plain ? trimAlleles(start, referenceBases ?? '', alternateBases ?? '') : undefined;
  const trimmed = referenceBases === '' || alternateBases === '';
  return (site) =>
    writings(site, trimmed).some((writing) => writing.position === start && bases(writing)) ||
    (change !== undefined && writings(site, true).some((writing) => equals(writing, change)));
}

/**
 * Whether a site is the change that an HGVS name states. HGVS moves indels to the right, which takes the reference
 * sequence; without it, only what is written at the same place (by the file, or normalised) is recognised, and a
 * duplication as an insertion of that length at either end of the stretch, of those bases where the name spells them.
 */
export function hgvsMatcher(change: HgvsChange): (site: Site) => boolean {
  const wanted = wantedWritings(change);
  return (site) => {
    if (change.kind === 'duplication' && typeOfVariant(site.variant) === 'DUP') {
      return site.variant.position === change.start || site.variant.position === change.start - 1;
    }
    return writings(site, true).some((writing) =>
      wanted.some(({ position, bases }) => writing.position === position && bases(writing)),
    );
  };
}

function wantedWritings(
  change: HgvsChange,
): readonly { readonly position: number; readonly bases: (writing: Writing) => boolean }[] {
  const any = (length: number) => 'N'.repeat(length);
  const at = (position: number, ref: string, alt: string) => ({ position, bases: basesMatcher(ref, alt) });
  switch (change.kind) {
    case 'substitution':
      return [at(change.start, change.ref, change.alt)];
    case 'deletion':
      return [at(change.start, change.deleted ?? any(change.end - change.start), '')];
    case 'insertion':
      return [at(change.start, '', change.inserted)];
    case 'duplication': {
      const bases = change.duplicated ?? any(change.end - change.start);
      return [at(change.start, '', bases), at(change.end, '', bases)];
    }
    case 'delins':
      return [at(change.start, any(change.end - change.start), change.inserted)];
  }
}

/** Each writing once; trimmed ones only where asked, because an empty allele must be meant. */
function writings({ variant, original }: Site, trimmed: boolean): readonly Writing[] {
  const given: Writing[] = [variant];
  const growth = variant.alt.length - variant.ref.length;
  const own = original.alts.filter(
    (alt) => alt === variant.alt || (isSequence(alt) && alt.length - original.ref.length === growth),
  );
  const [alt] = own;
  if (own.length === 1 && alt !== undefined) {
    given.push({ position: original.position, ref: original.ref, alt: alt.toUpperCase() });
  }
  if (!trimmed || !isSequence(variant.alt)) return given;
  return [...given, ...given.map((writing) => ({ ...trim(writing) }))];
}

function trim({ position, ref, alt }: Writing): Writing {
  const { start, ...alleles } = trimAlleles(position, ref, alt);
  return { position: start, ...alleles };
}

function equals(
  writing: Writing,
  change: { readonly start: number; readonly ref: string; readonly alt: string },
) {
  return writing.position === change.start && writing.ref === change.ref && writing.alt === change.alt;
}

/** Bases with `N` as any base; `undefined` is no condition. Symbolic alleles have no bases and never match. */
function basesMatcher(ref: string | undefined, alt: string | undefined): (writing: Writing) => boolean {
  const refPattern = ref === undefined ? undefined : pattern(ref);
  const altPattern = alt === undefined ? undefined : pattern(alt);
  return (writing) =>
    (refPattern === undefined || refPattern.test(writing.ref)) &&
    (altPattern === undefined || altPattern.test(writing.alt));
}

function pattern(bases: string): RegExp {
  return new RegExp(`^${bases.replaceAll('N', '[ACGTN]')}$`);
}

/** Whether a breakend (`A[2:123[`) joins that contig. */
function joins(alt: string, mateName: string, assembly: Assembly): boolean {
  const mate = /[[\]]([^[\]]+):\d+[[\]]/.exec(alt)?.[1];
  if (mate === undefined) return false;
  const wanted = resolveContig(assembly, mateName);
  const found = resolveContig(assembly, mate);
  return wanted.kind === 'contig' && found.kind === 'contig' && wanted.name === found.name;
}
