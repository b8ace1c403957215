import type { Assembly } from '@federome/core';
import { FormatError, type FormatErrorCode } from '../errors.ts';
import { parseAlts, parseIds, parseRef } from '../vcf/columns/site.ts';
import { ContigBounds } from '../vcf/contig-bounds.ts';
import { RecordOrder } from '../vcf/order.ts';
import { COLUMN, refusal } from '../vcf/place.ts';
import type { Genotypes, VcfRecord } from '../vcf/record.ts';
import { checkInfoValue, type FieldRule, rulesOf } from './field-rules.ts';
import { GenotypeReader, type GenotypeVectors } from './genotype-vectors.ts';
import type { BcfHeader } from './header.ts';
import { SampleFields } from './sample-fields.ts';
import { BCF_TYPE, integerAt, TypedCursor, typeBytes } from './typed-cursor.ts';
import { FIXED_BYTES, LENGTHS_BYTES } from './whole-records.ts';

export interface BcfRecordOptions {
  readonly file: string;
  readonly assembly: Assembly | undefined;
  readonly higherPloidy: 'refuse' | 'mark';
}

const FIXED_SHARED_BYTES = FIXED_BYTES - LENGTHS_BYTES;
/** Samples × fields of a record: what a million people with forty bytes each in a dozen fields need. */
const MOST_RECORD_BYTES = 1 << 30;
const MISSING_QUAL = 0x7f800001;

/** Turns records of BCF 2.2 into those of VCF, one at a time: the same one is given again and again with other contents. */
export class BcfRecordParser implements VcfRecord {
  line = 0;
  contig = '';
  position = 0;
  ids: readonly string[] = [];
  ref = '';
  alts: readonly string[] = [];
  filters: readonly string[] = [];
  genotypes: Genotypes | undefined;
  end: number | undefined;
  /** Where the genotypes of the record lie, if it has any; valid as long as the record. */
  vectors: GenotypeVectors | undefined;

  readonly #file: string;
  readonly #header: BcfHeader;
  readonly #samples: number;
  readonly #stored: Genotypes;
  readonly #reader: GenotypeReader;
  readonly #fields: SampleFields;
  readonly #info: readonly (FieldRule | undefined)[];
  readonly #infoSeen: Int32Array;
  readonly #order = new RecordOrder();
  readonly #bounds: ContigBounds;
  readonly #cursor = new TypedCursor((reason) => this.#fault(reason));

  constructor(header: BcfHeader, { file, assembly, higherPloidy }: BcfRecordOptions) {
    const { parsed, dictionaries } = header;
    this.#file = file;
    this.#header = header;
    this.#samples = parsed.samples.length;
    this.#stored = { calls: new Int16Array(2 * this.#samples), phased: new Uint8Array(this.#samples) };
    this.#reader = new GenotypeReader(this.#stored.calls, this.#stored.phased, {
      higherPloidy,
      complain: (code, sample, reason) => this.#refusal(code, sample + 10, reason),
    });
    this.#fields = new SampleFields(rulesOf(dictionaries.format, 'FORMAT', parsed.minor), this.#samples, {
      fault: (reason) => this.#fault(reason),
      complain: (reason) => this.#refusal('formats/vcf-column', COLUMN.FORMAT, reason),
    });
    this.#info = rulesOf(dictionaries.info, 'INFO', parsed.minor);
    this.#infoSeen = new Int32Array(this.#info.length);
    this.#bounds = new ContigBounds(parsed, assembly);
  }

  /** Length of the record that starts there; `record` is its number, for the refusal of one that cannot be. */
  readonly lengthAt = (bytes: Buffer, at: number, record: number): number => {
    this.line = record;
    const shared = bytes.readUInt32LE(at);
    const length = LENGTHS_BYTES + shared + bytes.readUInt32LE(at + 4);
    if (shared < FIXED_SHARED_BYTES) throw this.#fault(`its fixed part claims ${shared} bytes`);
    if (length > MOST_RECORD_BYTES) throw this.#fault(`it claims ${length} bytes`);
    this.#checkSamples(bytes.readUInt32LE(at + 28) & 0xffffff);
    return length;
  };

  /** Reads the record at `bytes[start … )`, all of which is there; returns the index behind it. */
  parse(bytes: Buffer, start: number, record: number): number {
    const end = this.parseSite(bytes, start, record);
    this.readGenotypes();
    return end;
  }

  /** As `parse`, but only finds the genotypes: `vectors` says where. */
  parseSite(bytes: Buffer, start: number, record: number): number {
    this.line = record;
    const cursor = this.#cursor;
    const sharedEnd = start + LENGTHS_BYTES + bytes.readUInt32LE(start);
    const end = sharedEnd + bytes.readUInt32LE(start + 4);
    cursor.reset(bytes, start + FIXED_BYTES, sharedEnd);
    this.#readSite(bytes, start + LENGTHS_BYTES);
    this.#order.check(this.contig, this.position, this.ref, this.alts, this.#complainOfColumn);
    this.#bounds.check(this.contig, this.position, this.ref, this.#complainOfColumn);
    cursor.reset(bytes, sharedEnd, end);
    const fields = bytes[start + 31]!;
    this.vectors = this.#fields.read(cursor, fields, this.alts.length + 1, record);
    if (cursor.at !== end) throw this.#fault(`${end - cursor.at} bytes follow its last FORMAT field`);
    return end;
  }

  /** Reads the genotypes of the record whose site was read last. */
  readGenotypes(): Genotypes | undefined {
    this.genotypes = undefined;
    if (this.vectors === undefined) return undefined;
    this.#reader.read(this.vectors, this.alts.length + 1);
    this.genotypes = this.#stored;
    return this.genotypes;
  }

  /** `at` is where the fixed part starts: CHROM, POS, rlen, QUAL, n_info, n_allele, n_sample, n_fmt. */
  #readSite(bytes: Buffer, at: number): void {
    const cursor = this.#cursor;
    this.#readPlace(bytes, at);
    const infos = bytes.readUInt16LE(at + 16);
    const alleles = bytes.readUInt16LE(at + 18);
    this.#checkSamples(bytes.readUInt32LE(at + 20) & 0xffffff);
    const ids = cursor.text('ID');
    this.ids = ids === '' ? [] : parseIds(ids, this.#header.parsed.minor, this.#complain.ID);
    this.#readAlleles(alleles);
    this.#readFilters();
    this.end = undefined;
    for (let field = 0; field < infos; field += 1) this.#readInfo();
    if (cursor.at !== cursor.end)
      throw this.#fault(`${cursor.end - cursor.at} bytes follow its last INFO field`);
  }

  #readPlace(bytes: Buffer, at: number): void {
    const number = bytes.readInt32LE(at);
    const contig = this.#header.dictionaries.contigs[number];
    if (contig === undefined) throw this.#fault(`number ${number} is declared as no contig`);
    this.contig = contig;
    this.position = bytes.readInt32LE(at + 4);
    if (this.position < -1)
      throw this.#refusal('formats/vcf-column', COLUMN.POS, `POS ${this.position + 1} is below zero`);
    if (bytes.readInt32LE(at + 8) < 0) throw this.#fault('its length on the reference is below zero');
    if (bytes.readUInt32LE(at + 12) !== MISSING_QUAL && bytes.readFloatLE(at + 12) < 0)
      throw this.#refusal('formats/vcf-column', COLUMN.QUAL, 'QUAL is not a number from 0');
  }

  #readAlleles(alleles: number): void {
    if (alleles === 0) throw this.#fault('it has no alleles, not even REF');
    const cursor = this.#cursor;
    this.ref = parseRef(cursor.text('REF'), this.#complain.REF);
    if (alleles === 1) {
      this.alts = [];
      return;
    }
    if (alleles === 2) this.alts = parseAlts(cursor.text('ALT'), this.#complain.ALT);
    else {
      const texts = Array.from({ length: alleles - 1 }, () => cursor.text('ALT'));
      this.alts = parseAlts(texts.join(','), this.#complain.ALT);
    }
    if (this.alts.length !== alleles - 1)
      throw this.#refusal('formats/vcf-column', COLUMN.ALT, 'ALT has an allele that is none');
  }

  #readFilters(): void {
    const cursor = this.#cursor;
    const start = cursor.vector('FILTER');
    const { type, count, bytes } = cursor;
    if (type > BCF_TYPE.int32) throw this.#fault('FILTER holds no integers');
    const names: string[] = [];
    for (let filter = 0; filter < count; filter += 1) {
      const number = integerAt(bytes, start + filter * typeBytes(type), type);
      if (filter === 0 && count === 1 && number === 0) {
        this.filters = PASS;
        return;
      }
      const name = this.#header.dictionaries.filters[number];
      if (name === undefined) throw this.#fault(`number ${number} is declared as no filter`);
      if (names.includes(name))
        throw this.#refusal('formats/vcf-column', COLUMN.FILTER, 'FILTER has a value twice');
      names.push(name);
    }
    this.filters = names.length === 0 ? NONE : names;
  }

  #readInfo(): void {
    const cursor = this.#cursor;
    const number = cursor.integer('the key of an INFO field');
    const rule = this.#info[number];
    if (rule === undefined) throw this.#fault(`number ${number} is declared as no INFO field`);
    if (this.#infoSeen[number] === this.line) throw this.#complain.INFO(`INFO has the key ${rule.key} twice`);
    this.#infoSeen[number] = this.line;
    const start = cursor.vector(rule.key);
    checkInfoValue(rule, cursor, start, this.alts.length + 1, this.#complain.INFO);
    if (rule.key === 'END' && cursor.count === 1) this.end = integerAt(cursor.bytes, start, cursor.type);
  }

  #checkSamples(samples: number): void {
    if (samples !== this.#samples)
      throw this.#fault(`it claims ${samples} samples, but the header has ${this.#samples}`);
  }

  /** Bytes that cannot be a record. */
  #fault(reason: string): Error {
    return new FormatError('formats/bcf-record', `the record is damaged: ${reason}`, {
      location: { file: this.#file, line: this.line },
    });
  }

  #refusal(code: FormatErrorCode, column: number, reason: string): Error {
    return refusal(code, reason, { file: this.#file, line: this.line, column });
  }

  readonly #complainOfColumn = (code: FormatErrorCode, column: keyof typeof COLUMN, reason: string): Error =>
    this.#refusal(code, COLUMN[column], reason);

  readonly #complain = {
    ID: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.ID, reason),
    REF: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.REF, reason),
    ALT: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.ALT, reason),
    INFO: (reason: string) => this.#refusal('formats/vcf-column', COLUMN.INFO, reason),
  };
}

const PASS: readonly string[] = ['PASS'];
const NONE: readonly string[] = [];
