import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { openVariants } from '../variants/open.ts';
import type { OpenVcfOptions } from '../vcf/open.ts';
import { HIGHER_PLOIDY, MISSING_CALL, NO_SECOND_COPY } from '../vcf/record.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-bcf-'));
afterAll(() => rmSync(directory, { recursive: true }));

const META = [
  '##FILTER=<ID=q10,Description="Low quality">',
  '##FILTER=<ID=PASS,Description="All filters passed">',
  '##contig=<ID=1,length=1000>',
  '##contig=<ID=2>',
  '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">',
  '##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">',
  '##INFO=<ID=DB,Number=0,Type=Flag,Description="In dbSNP">',
  '##INFO=<ID=XX,Number=2,Type=Integer,Description="Two">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
];
/** Numbers in the dictionary: PASS is 0, the others come in order. */
const NUMBER = { PASS: 0, q10: 1, AC: 2, AF: 3, DB: 4, XX: 5, GT: 6, AD: 7 } as const;
const COLUMNS = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';

const [INT8, INT16, INT32, FLOAT, CHAR] = [1, 2, 3, 5, 7] as const;
const WIDTH: Readonly<Record<number, number>> = { 0: 0, 1: 1, 2: 2, 3: 4, 5: 4, 7: 1 };
/** End of a vector, and a missing value, whatever the width. */
const END = -(2 ** 40);
const GAP = -(2 ** 41);

function values(type: number, numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * WIDTH[type]!);
  numbers.forEach((number, place) => {
    if (type === FLOAT && number === GAP) bytes.writeUInt32LE(0x7f800001, 4 * place);
    else if (type === FLOAT) bytes.writeFloatLE(number, 4 * place);
    else {
      const lowest = -(2 ** (8 * WIDTH[type]! - 1));
      const written = number === END ? lowest + 1 : number === GAP ? lowest : number;
      bytes.writeIntLE(written, place * WIDTH[type]!, WIDTH[type]!);
    }
  });
  return bytes;
}

function descriptor(type: number, count: number): Buffer {
  if (count < 15) return Buffer.from([(count << 4) | type]);
  return Buffer.concat([Buffer.from([0xf0 | type]), vector(INT32, [count])]);
}

function vector(type: number, numbers: readonly number[]): Buffer {
  return Buffer.concat([descriptor(type, numbers.length), values(type, numbers)]);
}

const text = (value: string) => vector(CHAR, [...Buffer.from(value, 'utf8')]);
const key = (name: keyof typeof NUMBER) => vector(INT8, [NUMBER[name]]);

interface Fields {
  readonly contig?: number;
  readonly position?: number;
  readonly length?: number;
  readonly qual?: number;
  readonly id?: string;
  readonly alleles?: readonly string[];
  readonly filters?: Buffer;
  readonly info?: readonly Buffer[];
  readonly format?: readonly Buffer[];
  readonly samples?: number;
  readonly after?: Buffer;
}

function record(fields: Fields): Buffer {
  const { alleles = ['A', 'C'], info = [], format = [], after = Buffer.alloc(0) } = fields;
  const fixed = Buffer.alloc(32);
  const rest = Buffer.concat([
    text(fields.id ?? ''),
    ...alleles.map(text),
    fields.filters ?? Buffer.from([0]),
    ...info,
    after,
  ]);
  const samples = Buffer.concat(format);
  fixed.writeUInt32LE(24 + rest.length, 0);
  fixed.writeUInt32LE(samples.length, 4);
  fixed.writeInt32LE(fields.contig ?? 0, 8);
  fixed.writeInt32LE(fields.position ?? 99, 12);
  fixed.writeInt32LE(fields.length ?? 1, 16);
  if (fields.qual === undefined) fixed.writeUInt32LE(0x7f800001, 20);
  else fixed.writeFloatLE(fields.qual, 20);
  fixed.writeUInt16LE(info.length >> 0, 24);
  fixed.writeUInt16LE(alleles.length, 26);
  fixed.writeUInt32LE(((fields.samples ?? 0) | (format.length << 24)) >>> 0, 28);
  return Buffer.concat([fixed, rest, samples]);
}

/** A field of FORMAT: the values of every sample. */
function format(name: 'GT' | 'AD', type: number, perSample: readonly (readonly number[])[]): Buffer {
  const count = perSample[0]?.length ?? 0;
  return Buffer.concat([key(name), descriptor(type, count), values(type, perSample.flat())]);
}

function genotypes(type: number, perSample: readonly (readonly number[])[], alleles = ['A', 'C']): Buffer {
  return record({ alleles, samples: perSample.length, format: [format('GT', type, perSample)] });
}

function file(
  records: readonly Buffer[],
  samples = 0,
  meta: readonly string[] = META,
  magic = 'BCF\x02\x02',
): Buffer {
  const names = Array.from({ length: samples }, (_, sample) => `S${sample}`);
  const columns = samples === 0 ? COLUMNS : [COLUMNS, 'FORMAT', ...names].join('\t');
  const header = Buffer.from(['##fileformat=VCFv4.2', ...meta, columns, '\0'].join('\n'), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from(magic, 'latin1'), length, header, ...records]);
}

async function read(bytes: Uint8Array, options: OpenVcfOptions = {}) {
  const path = join(directory, 'file.bcf');
  writeFileSync(path, bytes);
  const records = [];
  for await (const batch of (await openVariants(path, options)).batches())
    for (const { contig, position, ids, ref, alts, filters, line, genotypes } of batch) {
      const calls = genotypes && [...genotypes.calls];
      const phased = genotypes && [...genotypes.phased];
      records.push({ contig, position, ids, ref, alts, filters, line, calls, phased });
    }
  return records;
}

async function fault(bytes: Uint8Array, options: OpenVcfOptions = {}) {
  const error = await read(bytes, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FormatError)) return error;
  return { code: error.code, line: error.location?.line, message: error.message };
}

describe('records', () => {
  test('give what the fixed part says, in words of the dictionaries', async () => {
    const records = [
      record({ id: 'rs1;rs2', filters: vector(INT8, [NUMBER.PASS]), qual: 30 }),
      record({ contig: 1, position: 4, alleles: ['ac', 'G', '<DEL>'], filters: vector(INT8, [NUMBER.q10]) }),
      record({ contig: 1, position: 5, alleles: ['T'] }),
    ];
    expect(await read(file(records))).toMatchObject([
      { line: 1, contig: '1', position: 99, ids: ['rs1', 'rs2'], ref: 'A', alts: ['C'], filters: ['PASS'] },
      { line: 2, contig: '2', position: 4, ids: [], ref: 'AC', alts: ['G', '<DEL>'], filters: ['q10'] },
      { line: 3, alts: [], filters: [], calls: undefined },
    ]);
  });

  test('take numbers of the dictionary from IDX where it stands', async () => {
    const meta = [
      '##contig=<ID=7,length=500,IDX=3>',
      '##FILTER=<ID=q10,Description="Low",IDX=9>',
      '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype",IDX=40>',
    ];
    const gt = Buffer.concat([vector(INT8, [40]), descriptor(INT8, 2), values(INT8, [2, 5])]);
    const records = [record({ contig: 3, filters: vector(INT16, [9]), samples: 1, format: [gt] })];
    expect(await read(file(records, 1, meta))).toMatchObject([
      { contig: '7', filters: ['q10'], calls: [0, 1] },
    ]);
  });

  test('have no genotypes where they have no GT', async () => {
    const depths = record({ samples: 1, format: [format('AD', INT16, [[3, 4]])] });
    expect(await read(file([record({ samples: 1 }), depths].map(at), 1))).toMatchObject([
      { calls: undefined },
      { calls: undefined },
    ]);
  });

  test('longer than the window come back whole', async () => {
    const long = 'ACGT'.repeat(700_000);
    const records = [record({}), record({ position: 100, alleles: [long, 'A'] }), record({ position: 101 })];
    const found = await read(
      file(records, 0, META.filter((line) => !line.includes('contig')).concat('##contig=<ID=1>')),
    );
    expect(found.map(({ ref }) => ref.length)).toEqual([1, long.length, 1]);
  });
});

/** Puts records at ascending positions. */
function at(bytes: Buffer, place: number): Buffer {
  const moved = Buffer.from(bytes);
  moved.writeInt32LE(100 + place, 12);
  return moved;
}

describe('genotypes', () => {
  test.each([INT8, INT16, INT32])(
    'of type %i may be haploid, missing, half called and unphased',
    async (type) => {
      const samples = [
        [2, 2],
        [2, 5],
        [4, 3],
        [0, 0],
        [0, 5],
        [4, END],
        [0, END],
        [END, END],
        [5, 1],
      ];
      const [found] = await read(file([genotypes(type, samples)], samples.length));
      const [MISS, NONE] = [MISSING_CALL, NO_SECOND_COPY];
      expect(found?.calls).toEqual(
        [
          [0, 0],
          [0, 1],
          [1, 0],
          [MISS, MISS],
          [MISS, 1],
          [1, NONE],
          [MISS, NONE],
          [MISS, NONE],
          [1, MISS],
        ].flat(),
      );
      expect(found?.phased).toEqual([0, 1, 1, 0, 1, 1, 1, 1, 1]);
    },
  );

  test('of one copy each, and of alleles beyond 62, are read', async () => {
    const alleles = ['A', ...Array.from({ length: 100 }, (_, place) => `A${'C'.repeat(place + 1)}`)];
    const records = [
      genotypes(INT8, [[2], [4]]),
      at(
        genotypes(
          INT16,
          [
            [202, 203],
            [0, 1],
          ],
          alleles,
        ),
        0,
      ),
    ];
    expect(await read(file(records, 2))).toMatchObject([
      { calls: [0, NO_SECOND_COPY, 1, NO_SECOND_COPY], phased: [1, 1] },
      { calls: [100, 100, MISSING_CALL, MISSING_CALL], phased: [1, 1] },
    ]);
  });

  test('of three copies are refused, or marked for those who only validate', async () => {
    const bytes = file(
      [
        genotypes(INT8, [
          [2, 2, END],
          [2, 2, 4],
        ]),
      ],
      2,
    );
    expect(await fault(bytes)).toMatchObject({ code: 'formats/vcf-genotype', line: 1 });
    expect(await read(bytes, { higherPloidy: 'mark' })).toMatchObject([
      { calls: [0, 0, HIGHER_PLOIDY, HIGHER_PLOIDY] },
    ]);
  });

  test.each([
    ['an allele that is not listed', [[2, 6]]],
    ['a missing integer', [[2, GAP]]],
    ['a number below zero', [[-5, 2]]],
    ['a copy behind its end', [[END, 2]]],
  ])('with %s are refused', async (_, samples) => {
    expect(await fault(file([genotypes(INT8, samples)], 1))).toMatchObject({
      code: 'formats/vcf-genotype',
      line: 1,
    });
  });

  test('name no allele beside REF where there is no ALT', async () => {
    expect(await read(file([genotypes(INT8, [[2, 4]], ['A'])], 1))).toMatchObject([
      { calls: [0, MISSING_CALL] },
    ]);
  });
});

describe('refused', () => {
  test.each<[string, Buffer, string, number | undefined]>([
    ['BCF 2.1', file([], 0, META, 'BCF\x02\x01'), 'formats/bcf-version', undefined],
    ['BCF 1', file([], 0, META, 'BCF\x04\x00'), 'formats/bcf-version', undefined],
    ['a header cut short', file([]).subarray(0, 60), 'formats/truncated', undefined],
    ['a magic without a header', Buffer.from('BCF\x02\x02', 'latin1'), 'formats/truncated', undefined],
    [
      'two contigs of one number',
      file([], 0, ['##contig=<ID=1,IDX=0>', '##contig=<ID=2,IDX=0>']),
      'formats/vcf-header',
      3,
    ],
    ['a number that is none', file([], 0, ['##contig=<ID=1,IDX=x>']), 'formats/vcf-header', 2],
    ['a record cut short', file([record({}), record({})]).subarray(0, -1), 'formats/truncated', 2],
    ['a record cut inside its lengths', file([record({}), Buffer.alloc(5)]), 'formats/truncated', 2],
    ['positions that go back', file([record({}), record({ position: 3 })]), 'formats/vcf-unsorted', 2],
    [
      'a contig that comes again',
      file([record({}), record({ contig: 1 }), record({ contig: 0 })]),
      'formats/vcf-unsorted',
      3,
    ],
    ['the same change twice', file([record({}), record({})]), 'formats/vcf-duplicate', 2],
    ['a position beyond the contig', file([record({ position: 1001 })]), 'formats/position-beyond-contig', 1],
    ['a position below zero', file([record({ position: -2 })]), 'formats/vcf-column', 1],
    ['a quality below zero', file([record({ qual: -1 })]), 'formats/vcf-column', 1],
    ['a length below zero', file([record({ length: -1 })]), 'formats/bcf-record', 1],
    ['a contig that is not declared', file([record({ contig: 2 })]), 'formats/bcf-record', 1],
    [
      'a filter that is not declared',
      file([record({ filters: vector(INT8, [NUMBER.AC]) })]),
      'formats/bcf-record',
      1,
    ],
    ['a filter twice', file([record({ filters: vector(INT8, [1, 1]) })]), 'formats/vcf-column', 1],
    ['a filter that is text', file([record({ filters: text('q10') })]), 'formats/bcf-record', 1],
    ['more samples than the header has', file([record({ samples: 1 })]), 'formats/bcf-record', 1],
    ['a fixed part that is too short', file([Buffer.alloc(40)]), 'formats/bcf-record', 1],
    ['bytes behind the last field', file([record({ after: Buffer.from([0]) })]), 'formats/bcf-record', 1],
    ['no REF', file([record({ alleles: [] })]), 'formats/bcf-record', 1],
    ['an allele that is none', file([record({ alleles: ['A', 'Q'] })]), 'formats/vcf-column', 1],
    ['an allele with a comma', file([record({ alleles: ['A', 'C,G'] })]), 'formats/vcf-column', 1],
    [
      'an unknown type',
      file([record({ info: [key('AC')], after: Buffer.from([0x14, 0]) })]),
      'formats/bcf-record',
      1,
    ],
    [
      'an INFO field that is not declared',
      file([record({ info: [Buffer.concat([vector(INT8, [9]), vector(INT8, [1])])] })]),
      'formats/bcf-record',
      1,
    ],
    [
      'an INFO field twice',
      file([record({ info: [info('DB', Buffer.from([0])), info('DB', Buffer.from([0]))] })]),
      'formats/vcf-column',
      1,
    ],
    [
      'a number where a float is declared',
      file([record({ info: [info('AF', vector(INT8, [1]))] })]),
      'formats/vcf-column',
      1,
    ],
    [
      'a count below zero',
      file([record({ info: [info('AC', vector(INT8, [-4]))] })]),
      'formats/vcf-column',
      1,
    ],
    [
      'one value where two are declared',
      file([record({ info: [info('XX', vector(INT8, [4]))] })]),
      'formats/vcf-column',
      1,
    ],
    [
      'a value longer than the record',
      file([record({ info: [info('AC', Buffer.from([0x71, 0]))] })]),
      'formats/bcf-record',
      1,
    ],
    [
      'a length that is below zero',
      file([record({ info: [info('AC', Buffer.from([0xf1, 0x11, 0x80]))] })]),
      'formats/bcf-record',
      1,
    ],
    [
      'depths of too many alleles',
      file([record({ samples: 1, format: [format('AD', INT8, [[1, 2, 3]])] })], 1),
      'formats/vcf-column',
      1,
    ],
    [
      'depths of too few alleles',
      file([record({ samples: 1, format: [format('AD', INT8, [[1]])] })], 1),
      'formats/vcf-column',
      1,
    ],
    [
      'GT behind another field',
      file([record({ samples: 1, format: [format('AD', INT8, [[1, 2]]), format('GT', INT8, [[2, 2]])] })], 1),
      'formats/vcf-column',
      1,
    ],
    [
      'GT twice',
      file([record({ samples: 1, format: [format('GT', INT8, [[2, 2]]), format('GT', INT8, [[2, 2]])] })], 1),
      'formats/vcf-column',
      1,
    ],
    [
      'GT that is text',
      file([record({ samples: 1, format: [format('GT', CHAR, [[48, 48]])] })], 1),
      'formats/bcf-record',
      1,
    ],
    [
      'fewer genotypes than samples',
      file([record({ samples: 2, format: [format('GT', INT8, [[2, 2]])] })], 2),
      'formats/bcf-record',
      1,
    ],
  ])('is %s', async (_, bytes, code, line) => {
    expect(await fault(bytes)).toMatchObject({ code, line });
  });

  test('is the other assembly, by the header', async () => {
    const meta = ['##contig=<ID=1,length=249250621>'];
    expect(await fault(file([], 0, meta), { assembly: 'GRCh38' })).toMatchObject({
      code: 'formats/wrong-assembly',
    });
    expect(await fault(file([], 0, meta), { assembly: 'GRCh37' })).toBeUndefined();
  });

  test('is the first fault, though a later record cannot even be cut off', async () => {
    const bytes = file([record({}), record({ position: 3 }), Buffer.alloc(40)]);
    expect(await fault(bytes)).toMatchObject({ code: 'formats/vcf-unsorted', line: 2 });
  });

  test('are claims of a length that no record has, before anything is kept', async () => {
    const huge = record({});
    huge.writeUInt32LE(0xfffffff0, 4);
    expect(await fault(file([huge]))).toMatchObject({ code: 'formats/bcf-record', line: 1 });
  });
});

function info(name: keyof typeof NUMBER, value: Buffer): Buffer {
  return Buffer.concat([key(name), value]);
}

test('values that VCF would take are taken', async () => {
  const taken = [
    info('AC', vector(INT8, [GAP])),
    info('AF', vector(FLOAT, [GAP])),
    info('DB', Buffer.from([0])),
    info('DB', vector(INT8, [1])),
    info('XX', vector(INT16, [4, GAP])),
    info('XX', vector(INT8, [GAP, END])),
  ];
  const records = taken.map((value, place) => record({ position: place, info: [value] }));
  const depths = record({ position: 50, samples: 0 });
  expect(await read(file([...records, depths]))).toHaveLength(taken.length + 1);
  const missing = record({ samples: 1, format: [format('AD', INT8, [[GAP]])] });
  expect(await read(file([missing], 1))).toHaveLength(1);
});

describe('calls as sets', () => {
  const number = fc.constantFrom(2, 2, 2, 3, 4, 5, 0, 1, 6, 7);
  const pair = fc.oneof(fc.tuple(number, number), fc.constantFrom([2, END], [4, END], [0, END], [END, END]));
  const content = fc
    .integer({ min: 1, max: 70 })
    .chain((samples) =>
      fc.array(
        fc.tuple(
          fc.constantFrom(INT8, INT16, INT32),
          fc.array(pair, { minLength: samples, maxLength: samples }),
        ),
        { minLength: 1, maxLength: 6 },
      ),
    );

  test('say what the genotypes say', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (rows) => {
        const samples = rows[0]![1].length;
        const records = rows.map(([type, pairs], place) =>
          at(genotypes(type, pairs, ['A', 'C', 'G']), place),
        );
        const bytes = file([...records, at(record({ samples }), rows.length)], samples);
        const expected = await read(bytes);
        const found = [];
        for await (const { records } of (await openVariants(join(directory, 'file.bcf'))).calls())
          for (const { contig, position, ids, ref, alts, filters, line, calls } of records) {
            const genotypes = new Int16Array(2 * samples);
            for (const allele of [1, 2])
              for (const haplotype of calls.carriers(allele)) genotypes[haplotype] = allele;
            for (const haplotype of calls.missing) genotypes[haplotype] = MISSING_CALL;
            for (const haplotype of calls.absent) genotypes[haplotype] = NO_SECOND_COPY;
            const phased = new Uint8Array(samples).fill(calls.usualPhase === 'all' ? 1 : 0);
            for (const sample of calls.unusualPhase) phased[sample] = calls.usualPhase === 'all' ? 0 : 1;
            const site = { contig, position, ids, ref, alts, filters, line };
            found.push({ ...site, calls: [...genotypes], phased: [...phased] });
          }
        const nobody = Array.from({ length: 2 * samples }, () => MISSING_CALL);
        const unphased = Array.from({ length: samples }, () => 0);
        expect(found).toEqual(
          expected.map((each) => ({ ...each, calls: each.calls ?? nobody, phased: each.phased ?? unphased })),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('are refused where the genotypes are', async () => {
    writeFileSync(
      join(directory, 'file.bcf'),
      file(
        [
          genotypes(INT8, [
            [2, 3],
            [2, 6],
          ]),
        ],
        2,
      ),
    );
    const take = async () => {
      for await (const { records } of (await openVariants(join(directory, 'file.bcf'))).calls())
        for (const record of records) expect(record.line).toBe(0);
    };
    await expect(take()).rejects.toMatchObject({
      code: 'formats/vcf-genotype',
      location: { line: 1, column: 11 },
    });
  });
});

test('a damaged file is refused with a place, or reads as records: it never ends in another error', async () => {
  const whole = file(
    [
      record({
        id: 'rs1',
        info: [info('AC', vector(INT8, [1]))],
        filters: vector(INT8, [0]),
        samples: 3,
        format: [
          format('GT', INT8, [
            [2, 3],
            [2, 5],
            [4, END],
          ]),
        ],
      }),
      at(
        record({
          alleles: ['AC', 'A', 'T'],
          samples: 3,
          format: [
            format('GT', INT16, [
              [2, 3],
              [2, 7],
              [6, 5],
            ]),
            format('AD', INT8, [
              [1, 2, 3],
              [4, 5, 6],
              [7, 8, 9],
            ]),
          ],
        }),
        1,
      ),
    ],
    3,
  );
  const start = whole.indexOf(0, 9) + 1;
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: whole.length - start - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.option(fc.nat({ max: whole.length })),
      async (place, difference, cut) => {
        const bytes = Buffer.from(whole.subarray(0, cut ?? whole.length));
        const damaged = start + place;
        if (damaged < bytes.length) bytes[damaged] = bytes[damaged]! ^ difference;
        const found = await fault(bytes);
        expect(found === undefined || !(found instanceof Error)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});
