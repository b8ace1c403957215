import { type AlleleConditions, type Assembly, parseAssembly, type VariantQuestion } from '@federome/core';
import { NodeError } from '../../../errors.ts';
import {
  badRequest,
  expectKeys,
  isRecord,
  optionalText,
  optionalWholeNumber,
  own,
  wholeNumbers,
} from './values.ts';
import { parseVariantType } from './variant-types.ts';

/** Beacon's names, and what its OpenAPI description calls two of them in a GET. */
export const VARIANT_KEYS: ReadonlySet<string> = new Set([
  'assemblyId',
  'referenceName',
  'start',
  'end',
  'referenceBases',
  'alternateBases',
  'variantType',
  'mateName',
  'variantMinLength',
  'variantMaxLength',
  'geneId',
  'geneid',
  'aminoacidChange',
  'genomicAlleleShortForm',
  'allele',
]);
const ENTITY_KEYS = ['g_variant', 'g_variants', 'genomicVariant', 'genomicVariation', 'genomicVariations'];

type Parameters = Readonly<Record<string, unknown>>;

/** `requestParameters` of a POST without their nesting; `[]`, `null` and `{}` are no parameters. */
export function flatParameters(value: unknown): Parameters {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return {};
  if (!isRecord(value)) throw badRequest('requestParameters', 'an object');
  const entity = ENTITY_KEYS.find((key) => Object.hasOwn(value, key));
  if (entity === undefined) return value;
  const nested = own(value, entity);
  const { [entity]: _, $schema: __, ...others } = value;
  const filled = Object.keys(others).find((key) => !isEmpty(others[key]));
  if (filled !== undefined) throw badRequest('requestParameters', `parameters of ${entity} alone`);
  return flatParameters(nested);
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/**
 * The question about variants that flat parameters ask, or `undefined` where they are empty. Throws `node/bad-request`
 * naming the parameter, `node/not-annotated` for a change of amino acids.
 */
export function parseVariantQuestion(given: Parameters): VariantQuestion | undefined {
  const { $schema: _, ...parameters } = given;
  expectKeys(parameters, VARIANT_KEYS, 'requestParameters');
  const read = (key: string, alias = key) =>
    optionalText(own(parameters, key) ?? own(parameters, alias), key);
  if (read('aminoacidChange') !== undefined) throw notAnnotated();
  const assemblyId = read('assemblyId');
  const assembly = assemblyId === undefined ? {} : { assembly: assemblyOf(assemblyId) };
  const place = {
    referenceName: read('referenceName'),
    start: wholeNumbers(own(parameters, 'start'), 'start'),
    end: wholeNumbers(own(parameters, 'end'), 'end'),
  };
  const placed = place.start.length > 0 || place.end.length > 0 || place.referenceName !== undefined;
  const hgvs = read('genomicAlleleShortForm', 'allele');
  const geneId = read('geneId', 'geneid');
  const conditions = alleleConditions(parameters);
  if ([placed, hgvs !== undefined, geneId !== undefined].filter(Boolean).length > 1) {
    throw new NodeError(
      'node/bad-request',
      'ask for a place, a geneId or a genomicAlleleShortForm, not for several at once',
    );
  }
  if (hgvs !== undefined) {
    if (Object.keys(conditions).length > 0)
      throw badRequest('genomicAlleleShortForm', 'no other condition beside it');
    return { kind: 'hgvs', genomicAlleleShortForm: hgvs, ...assembly };
  }
  if (geneId !== undefined) return { kind: 'gene', geneId, ...assembly, ...conditions };
  if (placed) return placedQuestion(place, { ...assembly, ...conditions });
  if (Object.keys(conditions).length > 0 || assemblyId !== undefined) {
    throw badRequest(
      'referenceName and start, geneId or genomicAlleleShortForm',
      'one of them: a place to look at',
    );
  }
  return undefined;
}

interface Place {
  readonly referenceName: string | undefined;
  readonly start: readonly number[];
  readonly end: readonly number[];
}

function placedQuestion(
  { referenceName, start, end }: Place,
  rest: AlleleConditions & { readonly assembly?: Assembly },
): VariantQuestion {
  if (referenceName === undefined) throw badRequest('referenceName', 'a contig beside start');
  if (referenceName.length > 100) throw badRequest('referenceName', 'at most 100 characters');
  const [start0, start1] = start;
  const [end0, end1] = end;
  if (start0 === undefined) throw badRequest('start', 'one or two positions beside referenceName');
  if (start1 !== undefined || end1 !== undefined) {
    if (start1 === undefined || end0 === undefined || end1 === undefined) {
      throw badRequest('start and end', 'two values each for a bracket');
    }
    if (start0 >= start1 || end0 >= end1)
      throw badRequest('start and end', 'the smaller value first, in both');
    if (start0 >= end1) throw badRequest('end', 'a bracket that ends after start');
    return { kind: 'bracket', referenceName, start: [start0, start1], end: [end0, end1], ...rest };
  }
  if (end0 !== undefined) {
    if (end0 <= start0) throw badRequest('end', 'a position after start (0-based, half-open)');
    return { kind: 'range', referenceName, start: start0, end: end0, ...rest };
  }
  if (rest.alternateBases === undefined && rest.variantType === undefined) {
    throw badRequest('alternateBases', 'bases (or variantType) beside start, or else an end');
  }
  return { kind: 'sequence', referenceName, start: start0, ...rest };
}

function alleleConditions(parameters: Parameters): AlleleConditions {
  const referenceBases = bases(parameters, 'referenceBases');
  const alternateBases = bases(parameters, 'alternateBases');
  const variantType = optionalText(own(parameters, 'variantType'), 'variantType');
  const mateName = optionalText(own(parameters, 'mateName'), 'mateName');
  const min = optionalWholeNumber(own(parameters, 'variantMinLength'), 'variantMinLength');
  const max = optionalWholeNumber(own(parameters, 'variantMaxLength'), 'variantMaxLength');
  if (min !== undefined && max !== undefined && min > max) {
    throw badRequest('variantMaxLength', 'no less than variantMinLength');
  }
  return {
    ...(referenceBases === undefined ? {} : { referenceBases }),
    ...(alternateBases === undefined ? {} : { alternateBases }),
    ...(variantType === undefined ? {} : { variantType: parseVariantType(variantType) }),
    ...(mateName === undefined ? {} : { mateName }),
    ...(min === undefined ? {} : { variantMinLength: min }),
    ...(max === undefined ? {} : { variantMaxLength: max }),
  };
}

/** Upper-case bases; `-` and the empty text are a trimmed allele. Other IUPAC codes than `N` are no wildcards here. */
function bases(parameters: Parameters, name: string): string | undefined {
  const value = own(parameters, name);
  if (value === undefined) return undefined;
  const sequence = typeof value === 'string' ? value.trim().toUpperCase() : undefined;
  if (sequence === '-' || sequence === '') return '';
  if (sequence === undefined || !/^[ACGTN]{1,10000}$/.test(sequence)) {
    throw badRequest(name, 'up to 10,000 bases of A, C, G, T, or N for any');
  }
  return sequence;
}

function assemblyOf(text: string): Assembly {
  const assembly = parseAssembly(text);
  if (assembly === undefined)
    throw badRequest('assemblyId', 'GRCh37 or GRCh38 (or hg19, hg38, GCF_000001405.…)');
  return assembly;
}

function notAnnotated(): NodeError {
  return new NodeError(
    'node/not-annotated',
    'aminoacidChange: variants are not annotated with their effects here; ask by position, gene or HGVS',
  );
}
