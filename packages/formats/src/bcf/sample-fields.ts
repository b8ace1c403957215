import { expectedValues, type FieldRule, fitsDeclared, isMissing } from './field-rules.ts';
import type { GenotypeVectors } from './genotype-vectors.ts';
import { BCF_TYPE, END_OF_VECTOR, integerAt, type TypedCursor, typeBytes } from './typed-cursor.ts';

/** The errors that the fields of samples raise. */
export interface SampleFaults {
  /** For bytes that cannot be BCF. */
  readonly fault: (reason: string) => Error;
  /** For fields that break the specification of VCF or their declaration. */
  readonly complain: (reason: string) => Error;
}

/** Walks over the fields of all samples of a record: checks each against its declaration, and finds GT. */
export class SampleFields {
  readonly #rules: readonly (FieldRule | undefined)[];
  readonly #samples: number;
  readonly #faults: SampleFaults;
  /** Number of the record in which each field was seen last. */
  readonly #seen: Int32Array;

  constructor(rules: readonly (FieldRule | undefined)[], samples: number, faults: SampleFaults) {
    this.#rules = rules;
    this.#samples = samples;
    this.#faults = faults;
    this.#seen = new Int32Array(rules.length);
  }

  /** The genotypes, where the record has any; the cursor is then at the end of the last field. */
  read(cursor: TypedCursor, fields: number, alleles: number, record: number): GenotypeVectors | undefined {
    let genotypes: GenotypeVectors | undefined;
    for (let field = 0; field < fields; field += 1) {
      const rule = this.#rule(cursor, record);
      cursor.descriptor(rule.key);
      const { type, count } = cursor;
      const start = cursor.take(count * typeBytes(type) * this.#samples, rule.key);
      if (rule.key === 'GT') {
        if (field > 0) throw this.#faults.complain('FORMAT has GT, but not as its first key');
        if (type === BCF_TYPE.none || type > BCF_TYPE.int32 || count === 0)
          throw this.#faults.fault('GT is not at least one integer a sample');
        genotypes = { bytes: cursor.bytes, start, type, copies: count };
      } else this.#check(rule, cursor.bytes, start, type, count, alleles);
    }
    return genotypes;
  }

  #rule(cursor: TypedCursor, record: number): FieldRule {
    const number = cursor.integer('the key of a FORMAT field');
    const rule = this.#rules[number];
    if (rule === undefined) throw this.#faults.fault(`number ${number} is declared as no FORMAT field`);
    if (this.#seen[number] === record) throw this.#faults.complain('FORMAT has a key twice');
    this.#seen[number] = record;
    return rule;
  }

  /** Vectors are as long as the longest of any sample; those that are all too short must be missing throughout. */
  #check(rule: FieldRule, bytes: Buffer, start: number, type: number, count: number, alleles: number): void {
    if (!fitsDeclared(rule, type)) throw this.#faults.complain(`${rule.key} is no ${rule.type}`);
    if (type === BCF_TYPE.none || type === BCF_TYPE.char) return;
    const expected = mostValues(rule, alleles);
    if (expected === undefined || count === expected) return;
    if (
      count > expected ||
      (rule.number !== 'G' && rule.number !== 'P' && !this.#allMissing(bytes, start, type, count))
    )
      throw this.#faults.complain(
        `${rule.key} has ${count} values, but ${expected} are expected (Number=${rule.number})`,
      );
  }

  #allMissing(bytes: Buffer, start: number, type: number, count: number): boolean {
    const size = typeBytes(type);
    for (let value = 0; value < this.#samples * count; value += 1) {
      const at = start + value * size;
      const isEnd = integerAt(bytes, at, Math.min(type, BCF_TYPE.int32)) === END_OF_VECTOR[type];
      if (!isEnd && !isMissing(bytes, at, type)) return false;
    }
    return true;
  }
}

/** The number of values of a diploid sample, which no sample's vector may exceed. */
function mostValues(rule: FieldRule, alleles: number): number | undefined {
  if (alleles === 1) return typeof rule.number === 'number' ? rule.number : undefined;
  if (rule.number === 'G') return (alleles * (alleles + 1)) / 2;
  return rule.number === 'P' ? 2 : expectedValues(rule, alleles);
}
