import type { Assembly } from '@federome/core';
import { FIXED_COLUMNS, type Place, quoted, refusal } from '../place.ts';
import type { VcfHeader } from '../record.ts';
import { checkStatedAssembly, type DeclaredContig, statedAssembly } from './assembly.ts';
import type { FieldDefinition } from './definitions.ts';
import { fieldDefinition } from './field-lines.ts';
import { type MetaLine, parseMetaLine } from './meta-line.ts';
import {
  checkAltLine,
  checkFilterLine,
  checkMetaMetaLine,
  checkPedigreeLine,
  checkSampleLine,
  checkUrlLine,
  contigLine,
} from './other-lines.ts';

/** What the records of a file are read by. */
export interface ParsedHeader extends VcfHeader {
  /** 4.`minor`. */
  readonly minor: number;
  readonly info: ReadonlyMap<string, FieldDefinition>;
  readonly format: ReadonlyMap<string, FieldDefinition>;
  readonly lineCount: number;
}

/** Takes the lines of a header one by one; `done` once the `#CHROM` line was taken. */
export class HeaderReader {
  readonly #file: string;
  readonly #info = new Map<string, FieldDefinition>();
  readonly #format = new Map<string, FieldDefinition>();
  readonly #contigs = new Map<string, DeclaredContig>();
  readonly #references: MetaLine[] = [];
  /** PLINK declares as a contig's length the last position that a data set once had. */
  #fromPlink = false;
  #line = 0;
  #minor = 0;
  #samples: readonly string[] | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  get done(): boolean {
    return this.#samples !== undefined;
  }

  get lineCount(): number {
    return this.#line;
  }

  take(line: string): void {
    this.#line += 1;
    if (this.#line === 1) this.#minor = minorVersion(line, this.#file);
    else if (line.startsWith('#CHROM')) this.#samples = sampleNames(line, this.#file, this.#line);
    else this.#takeMeta(parseMetaLine(line, this.#file, this.#line));
  }

  finish(assembly: Assembly | undefined): ParsedHeader {
    if (this.#samples === undefined) {
      const place = { file: this.#file, line: this.#line + 1, column: 1 };
      if (this.#line === 0) throw refusal('formats/not-vcf', 'the file is empty', place);
      throw refusal('formats/vcf-header', 'the file ends before its #CHROM line', place);
    }
    const contigs = [...this.#contigs.values()].map((contig) =>
      this.#fromPlink ? { ...contig, lengthBp: undefined } : contig,
    );
    if (assembly !== undefined) checkStatedAssembly(assembly, this.#references, contigs);
    return {
      version: `4.${this.#minor}`,
      minor: this.#minor,
      samples: this.#samples,
      contigs: new Map(contigs.map(({ name, lengthBp }) => [name, { lengthBp }])),
      assembly: statedAssembly(this.#references, contigs),
      info: this.#info,
      format: this.#format,
      lineCount: this.#line,
    };
  }

  #takeMeta(meta: MetaLine): void {
    const minor = this.#minor;
    switch (meta.key) {
      case 'INFO':
      case 'FORMAT': {
        const definition = fieldDefinition(meta, meta.key, minor);
        const known = meta.key === 'INFO' ? this.#info : this.#format;
        if (!known.has(definition.key)) known.set(definition.key, definition);
        return;
      }
      case 'contig': {
        const contig = contigLine(meta, minor);
        this.#contigs.set(contig.name, { ...contig, meta });
        return;
      }
      case 'FILTER':
        checkFilterLine(meta);
        return;
      case 'ALT':
        checkAltLine(meta, minor);
        return;
      case 'SAMPLE':
        checkSampleLine(meta, minor);
        return;
      case 'PEDIGREE':
        checkPedigreeLine(meta, minor);
        return;
      case 'META':
        checkMetaMetaLine(meta, minor);
        return;
      case 'reference':
        this.#references.push(meta);
        return;
      case 'source':
        this.#fromPlink ||= /^PLINK/i.test(meta.value);
        return;
      case 'assembly':
        this.#references.push(meta);
        checkUrlLine(meta);
        return;
      case 'pedigreeDB':
        checkUrlLine(meta);
        return;
    }
  }
}

function minorVersion(line: string, file: string): number {
  const place = { file, line: 1, column: 1 };
  if (!line.startsWith('##fileformat='))
    throw refusal(
      'formats/not-vcf',
      'the first line is not ##fileformat=VCFv4.x: this is no VCF file',
      place,
    );
  const minor = /^VCFv4\.([1-5])$/.exec(line.slice(13))?.[1];
  if (minor === undefined)
    throw refusal(
      'formats/vcf-version',
      `${quoted(line.slice(13))} is not a version from VCFv4.1 to VCFv4.5`,
      { ...place, column: 14 },
    );
  return Number(minor);
}

function sampleNames(line: string, file: string, number: number): readonly string[] {
  const titles = line.slice(1).split('\t');
  const place = (index: number) => ({ file, line: number, column: index + 1 });
  FIXED_COLUMNS.forEach((title, index) => {
    if (index === 8 && titles.length === 8) return;
    if (titles[index] !== title)
      throw refusal(
        'formats/vcf-header',
        `the column is ${quoted(titles[index] ?? '')}: expected ${title}`,
        place(index),
      );
  });
  if (titles.length === 9)
    throw refusal('formats/vcf-header', 'there is a FORMAT column, but no sample', place(8));
  const samples = titles.slice(9);
  checkNames(samples, place);
  return samples;
}

function checkNames(samples: readonly string[], place: (index: number) => Place): void {
  samples.forEach((sample, index) => {
    if (sample.trim() === '') throw refusal('formats/vcf-header', 'a sample has no name', place(index + 9));
  });
  // Ascending names are different ones: no set of a million strings is needed to see it.
  if (samples.every((sample, index) => index === 0 || samples[index - 1]! < sample)) return;
  const seen = new Map<string, number>();
  samples.forEach((sample, index) => {
    const before = seen.get(sample);
    if (before !== undefined)
      throw refusal(
        'formats/vcf-duplicate-sample',
        `a sample has the name of column ${before + 10}`,
        place(index + 9),
      );
    seen.set(sample, index);
  });
}
