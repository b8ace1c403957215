import { type FieldNumber, type FieldType, RESERVED_FORMAT, reservedField } from '../header/definitions.ts';
import type { ParsedHeader } from '../header/header.ts';
import { quoted } from '../place.ts';
import type { Complain } from './site.ts';
import { automatonOf, type ValueAutomaton } from './value-lists.ts';

/** How one field of a sample is checked. */
export interface SampleField {
  readonly key: string;
  readonly type: FieldType;
  readonly number: FieldNumber;
  readonly automaton: ValueAutomaton;
}

/** What a FORMAT column says of the samples below it. */
export interface SampleLayout {
  readonly hasGenotype: boolean;
  /** Whether samples hold a genotype and nothing else. */
  readonly genotypeOnly: boolean;
  readonly fields: readonly SampleField[];
}

const MOST_LAYOUTS = 10_000;

/** Reads FORMAT columns; a file has few different ones, so each is read once. */
export class FormatColumn {
  readonly #header: ParsedHeader;
  readonly #layouts = new Map<string, SampleLayout>();

  constructor(header: ParsedHeader) {
    this.#header = header;
  }

  layout(text: string, complain: Complain): SampleLayout {
    let layout = this.#layouts.get(text);
    if (layout === undefined) {
      layout = this.#read(text, complain);
      if (this.#layouts.size < MOST_LAYOUTS) this.#layouts.set(text, layout);
    }
    return layout;
  }

  #read(text: string, complain: Complain): SampleLayout {
    if (text === '.') return { hasGenotype: false, genotypeOnly: false, fields: [this.#field('.')] };
    const keys = text.split(':');
    for (const key of keys) {
      if (key === '') throw complain('FORMAT has an empty part between colons');
      if (!this.#isKey(key)) throw complain(`FORMAT has the key ${quoted(key)}`);
    }
    if (keys.indexOf('GT') > 0) throw complain('FORMAT has GT, but not as its first key');
    if (new Set(keys).size < keys.length) throw complain('FORMAT has a key twice');
    const hasGenotype = keys[0] === 'GT';
    return {
      hasGenotype,
      genotypeOnly: hasGenotype && keys.length === 1,
      fields: keys.map((key) => this.#field(key)),
    };
  }

  /** VCF 4.1 and 4.2 know letters and digits only, but GATK declares keys such as MIN_DP in them. */
  #isKey(key: string): boolean {
    if (this.#header.minor >= 3 || this.#header.format.has(key)) return /^[A-Za-z_][0-9A-Za-z_.]*$/.test(key);
    return /^[A-Za-z0-9.]+$/.test(key);
  }

  #field(key: string): SampleField {
    const declared = this.#header.format.get(key);
    const reserved = reservedField(RESERVED_FORMAT, key, this.#header.minor);
    const type = declared?.type ?? reserved?.types[0] ?? 'String';
    const number = declared?.number ?? reserved?.numbers[0] ?? '.';
    return { key, type, number, automaton: automatonOf(type) };
  }
}
