import type { Assembly } from '@federome/core';
import type { FormatErrorCode } from '../errors.ts';
import { DiploidGenotypes } from './columns/diploid-genotypes.ts';
import { FormatColumn, type SampleLayout } from './columns/format.ts';
import { InfoCheck } from './columns/info.ts';
import {
  isPass,
  isPlainName,
  isPlainNumber,
  isPoint,
  LastBytes,
  NO_POSITION,
  plainAlt,
  plainBase,
  plainPosition,
} from './columns/plain.ts';
import { RecordText } from './columns/record-text.ts';
import { SampleColumns } from './columns/samples.ts';
import {
  checkContig,
  checkQual,
  NONE,
  PASS,
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
const NEWLINE = 10;
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
  /** What FORMAT says of the samples; of files that have any. */
  layout: SampleLayout = { hasGenotype: false, genotypeOnly: false, fields: [] };

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
  readonly #text = new RecordText();
  readonly #lastContig = new LastBytes();
  readonly #lastFormat = new LastBytes();

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

  /** Reads `bytes[start … end)`, a line without its end, which must follow. */
  parse(bytes: Buffer, start: number, end: number, line: number): void {
    const samples = this.parseFixed(bytes, start, end, line);
    if (this.#sampleCount > 0) this.parseSamples(bytes, samples, end);
  }

  /**
   * Reads the fixed columns of the line at `start`; gives the offset of the first sample's column. Where the file has
   * samples the line may end before `end`.
   */
  parseFixed(bytes: Buffer, start: number, end: number, line: number): number {
    this.line = line;
    this.genotypes = undefined;
    this.#findTabs(bytes, start, end);
    const tabs = this.#tabs;
    this.#readSite(bytes, start);
    const infoEnd = this.#sampleCount > 0 ? tabs[INFO_END]! : end;
    this.#text.set(bytes, tabs[6]! + 1, infoEnd, end);
    this.#info.check(bytes, tabs[6]! + 1, infoEnd, this.alts.length, this.#complain.INFO);
    this.#order.check(this.contig, this.position, this.ref, this.alts, this.#complainOfColumn);
    this.#bounds.check(this.contig, this.position, this.ref, this.#complainOfColumn);
    if (this.#sampleCount > 0) this.#readFormat(bytes, infoEnd + 1, tabs[FORMAT_END]!);
    return tabs[FORMAT_END]! + 1;
  }

  get end(): number | undefined {
    return this.#text.infoEnd();
  }

  sampleField(sample: number, key: string): string | undefined {
    return this.#text.sampleField(sample, key);
  }

  /** Reads the samples of the line whose fixed columns were read last, strictly. */
  parseSamples(bytes: Buffer, start: number, end: number): void {
    const { layout } = this;
    if (layout.genotypeOnly && this.#diploid.read(bytes, start, end, this.alts.length)) {
      this.genotypes = this.#stored;
      return;
    }
    this.#diploid.forget();
    this.#samples.read(bytes, start, end, layout, this.alts.length + 1);
    if (layout.hasGenotype) this.genotypes = this.#stored;
  }

  #readSite(bytes: Buffer, start: number): void {
    const tabs = this.#tabs;
    const [contig, position, ids] = [tabs[0]!, tabs[1]!, tabs[2]!];
    const [ref, alts, qual, filters] = [tabs[3]!, tabs[4]!, tabs[5]!, tabs[6]!];
    this.#readContig(bytes, start, contig);
    this.position = plainPosition(bytes, contig + 1, position);
    if (this.position === NO_POSITION)
      this.position = parsePosition(textOf(bytes, contig + 1, position), this.#complain.POS);
    this.ids = this.#idsOf(bytes, position + 1, ids);
    this.ref = plainBase(bytes, ids + 1, ref) ?? parseRef(textOf(bytes, ids + 1, ref), this.#complain.REF);
    this.alts = plainAlt(bytes, ref + 1, alts) ?? parseAlts(textOf(bytes, ref + 1, alts), this.#complain.ALT);
    if (!isPoint(bytes, alts + 1, qual) && !isPlainNumber(bytes, alts + 1, qual))
      checkQual(textOf(bytes, alts + 1, qual), this.#complain.QUAL);
    this.filters = this.#filtersOf(bytes, qual + 1, filters);
  }

  #readContig(bytes: Buffer, start: number, end: number): void {
    if (this.#lastContig.equal(bytes, start, end)) return;
    const contig = textOf(bytes, start, end);
    checkContig(contig, this.#minor, this.#complain.CHROM);
    this.contig = contig;
    this.#lastContig.set(bytes, start, end);
  }

  #idsOf(bytes: Buffer, start: number, end: number): readonly string[] {
    if (isPoint(bytes, start, end)) return NONE;
    if (isPlainName(bytes, start, end)) return [bytes.toString('latin1', start, end)];
    return parseIds(textOf(bytes, start, end), this.#minor, this.#complain.ID);
  }

  #filtersOf(bytes: Buffer, start: number, end: number): readonly string[] {
    if (isPass(bytes, start, end)) return PASS;
    if (isPoint(bytes, start, end)) return NONE;
    return parseFilters(textOf(bytes, start, end), this.#minor, this.#complain.FILTER);
  }

  #readFormat(bytes: Buffer, start: number, end: number): void {
    if (this.#lastFormat.equal(bytes, start, end)) return;
    this.layout = this.#format.layout(textOf(bytes, start, end), this.#complain.FORMAT);
    this.#lastFormat.set(bytes, start, end);
  }

  #findTabs(bytes: Buffer, start: number, end: number): void {
    const wanted = this.#sampleCount > 0 ? 9 : 7;
    const tabs = this.#tabs;
    let found = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === NEWLINE) break;
      if (byte !== TAB) continue;
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

function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}
