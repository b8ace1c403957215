import type { Assembly } from '@federome/core';
import type { FormatErrorCode } from '../errors.ts';
import { DiploidGenotypes } from './columns/diploid-genotypes.ts';
import { FormatColumn, type SampleLayout } from './columns/format.ts';
import { InfoCheck } from './columns/info.ts';
import { SampleColumns } from './columns/samples.ts';
import {
  checkContig,
  checkQual,
  parseAlts,
  parseFilters,
  parseIds,
  parsePosition,
  parseRef,
} from './columns/site.ts';
import { ContigBounds } from './contig-bounds.ts';
import type { ParsedHeader } from './header/header.ts';
import { RecordOrder } from './order.ts';
import { COLUMN, FIXED_COLUMNS, refusal } from './place.ts';
import type { Genotypes, VcfRecord } from './record.ts';

export interface RecordParserOptions {
  readonly file: string;
  readonly assembly: Assembly | undefined;
  readonly higherPloidy: 'refuse' | 'mark';
}

const TAB = 9;
const INFO_END = 7;
const FORMAT_END = 8;

/** Turns lines into records, one at a time: the same record is given again and again with other contents. */
export class RecordParser implements VcfRecord {
  line = 0;
  contig = '';
  position = 0;
  ids: readonly string[] = [];
  ref = '';
  alts: readonly string[] = [];
  filters: readonly string[] = [];
  genotypes: Genotypes | undefined;

  readonly #file: string;
  readonly #minor: number;
  readonly #sampleCount: number;
  readonly #stored: Genotypes;
  readonly #diploid: DiploidGenotypes;
  readonly #samples: SampleColumns;
  readonly #info: InfoCheck;
  readonly #format: FormatColumn;
  readonly #order = new RecordOrder();
  readonly #bounds: ContigBounds;
  /** Where the tabs behind the fixed columns are. */
  readonly #tabs = new Int32Array(9);

  constructor(header: ParsedHeader, { file, assembly, higherPloidy }: RecordParserOptions) {
    this.#file = file;
    this.#minor = header.minor;
    this.#sampleCount = header.samples.length;
    const calls = new Int16Array(2 * this.#sampleCount);
    const phased = new Uint8Array(this.#sampleCount);
    this.#stored = { calls, phased };
    this.#diploid = new DiploidGenotypes(calls, phased);
    this.#samples = new SampleColumns(calls, phased, {
      sampleCount: this.#sampleCount,
      minor: header.minor,
      higherPloidy,
      complain: (code, sample, reason) => this.#refusal(code, sample + 10, reason),
    });
    this.#info = new InfoCheck(header);
    this.#format = new FormatColumn(header);
    this.#bounds = new ContigBounds(header, assembly);
  }

  /** Reads `bytes[start … end)`, a line without its end. */
  parse(bytes: Buffer, start: number, end: number, line: number): void {
    this.line = line;
    this.#findTabs(bytes, start, end);
    const tabs = this.#tabs;
    const site = bytes.toString('utf8', start, tabs[6]!).split('\t');
    this.#readSite(site);
    const infoEnd = this.#sampleCount > 0 ? tabs[INFO_END]! : end;
    this.#info.check(bytes.toString('utf8', tabs[6]! + 1, infoEnd), this.alts.length, this.#complain.INFO);
    this.#order.check(this.contig, this.position, this.ref, this.alts, this.#complainOfColumn);
    this.#bounds.check(this.contig, this.position, this.ref, this.#complainOfColumn);
    this.genotypes = undefined;
    if (this.#sampleCount > 0) this.#readSamples(bytes, end);
  }

  #readSite(site: readonly string[]): void {
    const [contig = '', position = '', ids = '', ref = '', alts = '', qual = '', filters = ''] = site;
    const minor = this.#minor;
    const complain = this.#complain;
    if (contig !== this.contig) {
      checkContig(contig, minor, complain.CHROM);
      this.contig = contig;
    }
    this.position = parsePosition(position, complain.POS);
    this.ids = parseIds(ids, minor, complain.ID);
    this.ref = parseRef(ref, complain.REF);
    this.alts = parseAlts(alts, complain.ALT);
    checkQual(qual, complain.QUAL);
    this.filters = parseFilters(filters, minor, complain.FILTER);
  }

  #readSamples(bytes: Buffer, end: number): void {
    const start = this.#tabs[FORMAT_END]! + 1;
    const layout = this.#layout(bytes, this.#tabs[INFO_END]! + 1, start - 1);
    if (layout.genotypeOnly && this.#diploid.read(bytes, start, end, this.alts.length)) {
      this.genotypes = this.#stored;
      return;
    }
    this.#diploid.forget();
    this.#samples.read(bytes, start, end, layout, this.alts.length + 1);
    if (layout.hasGenotype) this.genotypes = this.#stored;
  }

  #layout(bytes: Buffer, start: number, end: number): SampleLayout {
    return this.#format.layout(bytes.toString('utf8', start, end), this.#complain.FORMAT);
  }

  #findTabs(bytes: Buffer, start: number, end: number): void {
    const wanted = this.#sampleCount > 0 ? 9 : 7;
    const tabs = this.#tabs;
    let found = 0;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== TAB) continue;
      if (found === wanted)
        throw this.#refusal('formats/vcf-column', 9, 'there are more columns than the header has');
      tabs[found] = at;
      found += 1;
      if (found === 9) return;
    }
    if (found < wanted)
      throw this.#refusal(
        'formats/vcf-column',
        found + 1,
        `the line ends after ${found + 1} columns, before ${FIXED_COLUMNS[found + 1] ?? 'the samples'}`,
      );
  }

  #refusal(code: FormatErrorCode, column: number, reason: string): Error {
    return refusal(code, reason, { file: this.#file, line: this.line, column });
  }

  readonly #complainOfColumn = (code: FormatErrorCode, column: keyof typeof COLUMN, reason: string): Error =>
    this.#refusal(code, COLUMN[column], reason);

  readonly #complain = {
    CHROM: (reason: string) => this.#refusal('formats/vcf-contig', COLUMN.CHROM, reason),
    POS: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.POS, reason),
    ID: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.ID, reason),
    REF: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.REF, reason),
    ALT: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.ALT, reason),
    QUAL: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.QUAL, reason),
    FILTER: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.FILTER, reason),
    INFO: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.INFO, reason),
    FORMAT: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.FORMAT, reason),
  };
}
