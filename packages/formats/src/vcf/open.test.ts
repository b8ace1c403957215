import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type OpenVcfOptions, openVcf } from './open.ts';
import { HIGHER_PLOIDY, MISSING_CALL, NO_SECOND_COPY } from './record.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-vcf-'));
afterAll(() => rmSync(directory, { recursive: true }));

const TITLES = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';

interface Content {
  readonly version?: string;
  readonly meta?: readonly string[];
  readonly samples?: readonly string[];
  readonly records: readonly string[];
}

function vcfText({ version = '4.2', meta = [], samples = [], records }: Content): string {
  const titles = samples.length === 0 ? TITLES : [TITLES, 'FORMAT', ...samples].join('\t');
  return [`##fileformat=VCFv${version}`, ...meta, titles, ...records, ''].join('\n');
}

function written(text: string | Uint8Array): string {
  const path = join(directory, 'file.vcf');
  writeFileSync(path, text);
  return path;
}

interface Read {
  readonly contig: string;
  readonly position: number;
  readonly ids: readonly string[];
  readonly ref: string;
  readonly alts: readonly string[];
  readonly filters: readonly string[];
  readonly line: number;
  readonly calls: readonly number[] | undefined;
  readonly phased: readonly number[] | undefined;
}

async function read(text: string | Uint8Array, options: OpenVcfOptions = {}): Promise<readonly Read[]> {
  const records: Read[] = [];
  for await (const batch of (await openVcf(written(text), options)).batches())
    for (const { contig, position, ids, ref, alts, filters, line, genotypes } of batch) {
      const calls = genotypes && [...genotypes.calls];
      const phased = genotypes && [...genotypes.phased];
      records.push({ contig, position, ids, ref, alts, filters, line, calls, phased });
    }
  return records;
}

/** A record of one sample for each genotype. */
function genotypes(format: string, values: readonly string[], alt = 'C', version = '4.2'): string {
  const samples = values.map((_, index) => `S${index}`);
  return vcfText({
    version,
    samples,
    records: [['1', 10, '.', 'A', alt, '.', '.', '.', format, ...values].join('\t')],
  });
}

function site(columns: string): string {
  return vcfText({ records: [columns] });
}

describe('a record', () => {
  test('has its site columns, 0-based', async () => {
    const text = site('22\t16050075\trs1;rs2\tA\tG,<DEL>\t100\tq10;s50\tAC=1,2');
    expect(await read(text)).toEqual([
      {
        contig: '22',
        position: 16_050_074,
        ids: ['rs1', 'rs2'],
        ref: 'A',
        alts: ['G', '<DEL>'],
        filters: ['q10', 's50'],
        line: 3,
        calls: undefined,
        phased: undefined,
      },
    ]);
  });

  test('has empty lists where the file has points', async () => {
    expect(await read(site('1\t5\t.\tA\t.\t.\t.\t.'))).toMatchObject([{ ids: [], alts: [], filters: [] }]);
  });

  test('has bases in upper case', async () => {
    expect(await read(site('1\t5\t.\tacN\tt\t.\t.\t.'))).toMatchObject([{ ref: 'ACN', alts: ['T'] }]);
  });

  test('may end with CR LF', async () => {
    const text = genotypes('GT', ['0/1', '1/1']).replaceAll('\n', '\r\n');
    expect(await read(text)).toMatchObject([{ calls: [0, 1, 1, 1] }]);
  });

  test.each([
    '*',
    '<NON_REF>',
    '<*>',
    '<CN0>',
    '<INS:ME:ALU>',
    'G]17:198982]',
    ']13:1]T',
    '.A',
    'A.',
    'C[<ctg>:7[',
  ])('may have the alternate allele %s', async (alt) => {
    expect(await read(site(`1\t5\t.\tA\t${alt}\t.\t.\t.`))).toMatchObject([{ alts: [alt] }]);
  });
});

describe('genotypes', () => {
  test('are diploid, haploid, half called, not called, phased or not, of alleles of any index', async () => {
    const alt = ['C', 'G', 'T', ...Array.from({ length: 9 }, (_, index) => `C${'G'.repeat(index + 1)}`)].join(
      ',',
    );
    const values = ['0|0', '0/1', './.', '0/.', '.|1', '1', '.', '10/2', '3|12'];
    expect(await read(genotypes('GT', values, alt))).toMatchObject([
      {
        calls: [
          0,
          0,
          0,
          1,
          -1,
          -1,
          0,
          -1,
          -1,
          1,
          1,
          NO_SECOND_COPY,
          MISSING_CALL,
          NO_SECOND_COPY,
          10,
          2,
          3,
          12,
        ],
        phased: [1, 0, 0, 0, 1, 1, 1, 0, 1],
      },
    ]);
  });

  test('stand before other fields, of which the last may be left out', async () => {
    const values = ['0/1:12:3,9', '1|1:7', './.', '.:.:.', '1:.:5,.'];
    expect(await read(genotypes('GT:DP:AD', values))).toMatchObject([
      { calls: [0, 1, 1, 1, -1, -1, -1, -2, 1, -2], phased: [0, 1, 0, 1, 1] },
    ]);
  });

  test('are unknown where FORMAT has no GT, or is missing', async () => {
    expect(await read(genotypes('DP', ['1', '2']))).toMatchObject([{ calls: undefined }]);
    expect(await read(genotypes('.', ['.', '.']))).toMatchObject([{ calls: undefined }]);
  });

  test('of VCF 4.4 may say of their first allele whether it is phased', async () => {
    expect(await read(genotypes('GT', ['|0/1', '/1|1', '|1'], 'C', '4.4'))).toMatchObject([
      { calls: [0, 1, 1, 1, 1, -2], phased: [0, 1, 1] },
    ]);
    await expect(read(genotypes('GT', ['|0/1'], 'C', '4.3'))).rejects.toMatchObject({
      code: 'formats/vcf-genotype',
    });
  });

  test('of one record leave nothing in those of the next', async () => {
    const record = (position: number, ...values: string[]) =>
      ['1', position, '.', 'A', 'C', '.', '.', '.', 'GT', ...values].join('\t');
    const text = vcfText({
      samples: ['a', 'b'],
      records: [
        record(1, '0|1', '1|0'),
        record(2, '1', '.'),
        record(3, '0|0', '0|0'),
        record(4, '0/0', '0|1'),
      ],
    });
    expect(await read(text)).toMatchObject([
      { calls: [0, 1, 1, 0], phased: [1, 1] },
      { calls: [1, -2, -1, -2], phased: [1, 1] },
      { calls: [0, 0, 0, 0], phased: [1, 1] },
      { calls: [0, 0, 0, 1], phased: [0, 1] },
    ]);
  });

  test('of more than two copies are refused, or marked where asked for', async () => {
    const text = genotypes('GT', ['0/0/1', '0/1']);
    await expect(read(text)).rejects.toMatchObject({
      code: 'formats/vcf-genotype',
      location: { line: 3, column: 10 },
    });
    expect(await read(text, { higherPloidy: 'mark' })).toMatchObject([
      { calls: [HIGHER_PLOIDY, HIGHER_PLOIDY, 0, 1] },
    ]);
  });

  test.each(['0/2', '2', '0|a', '0/', '/1', '0//1', '', '0/1 ', '-1/0', '0:1', '0|1|', '99999999999/0'])(
    'such as %j are refused in their column',
    async (value) => {
      for (const values of [
        ['0/1', value, '0/1'],
        ['0/1', '1/1', value],
      ])
        await expect(read(genotypes('GT', values))).rejects.toMatchObject({
          location: { line: 3, column: 10 + values.indexOf(value) },
        });
    },
  );

  test('are the same through the fast and through the general path', async () => {
    const allele = fc.constantFrom('0', '1', '2', '.');
    const call = fc.tuple(allele, fc.constantFrom('/', '|'), allele).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 30 }), async (values) => {
        const fast = await read(genotypes('GT', values, 'C,G'));
        const general = await read(
          genotypes(
            'GT:DP',
            values.map((value) => `${value}:3`),
            'C,G',
          ),
        );
        expect(fast).toEqual(general);
        const code = (text: string) => (text === '.' ? MISSING_CALL : Number(text));
        expect(fast[0]?.calls).toEqual(values.flatMap((value) => [code(value[0]!), code(value[2]!)]));
        expect(fast[0]?.phased).toEqual(values.map((value) => (value[1] === '|' ? 1 : 0)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('other fields of a sample', () => {
  const declared = (type: string, number = '.') =>
    `##FORMAT=<ID=XX,Number=${number},Type=${type},Description="x">`;
  const text = (type: string, value: string, number?: string) =>
    vcfText({
      meta: [declared(type, number)],
      samples: ['a'],
      records: [`1\t1\t.\tA\tC,G\t.\t.\t.\tGT:XX\t0/1:${value}`],
    });

  test.each([
    ['Integer', ['1', '-5', '+3', '.', '1,2,.', '007']],
    ['Float', ['1', '-0.5', '.5', '5.', '1e-9', '2E+3', 'NaN', 'inf', '-Infinity', '0,nan,.', '1.5e3,2']],
    ['Character', ['a', 'a,b', '.', 'é', '5']],
    ['String', ['anything at all', 'a,b', 'PASS']],
  ])('of type %s have its values', async (type, values) => {
    for (const value of values) expect(await read(text(type, value)), value).toHaveLength(1);
  });

  test.each([
    ['Integer', ['1.5', 'a', '--1', '1,', ',1', '1-', '1e3', '']],
    ['Float', ['1.2.3', 'e5', '1e', '1e-', '-', '-.', '1,,2', 'infinit', '']],
    ['Character', ['ab', 'a,bc', '']],
  ])('of type %s have no others', async (type, values) => {
    for (const value of values)
      await expect(read(text(type, value)), value).rejects.toMatchObject({
        code: 'formats/vcf-column',
        location: { line: 4, column: 10 },
      });
  });

  test('have as many values as are declared', async () => {
    const sizes: readonly (readonly [number: string, values: number])[] = [
      ['1', 1],
      ['3', 3],
      ['A', 2],
      ['R', 3],
      ['G', 6],
    ];
    for (const [number, values] of sizes) {
      const list = (length: number) => Array.from({ length }, () => '1').join(',');
      expect(await read(text('Integer', list(values), number))).toHaveLength(1);
      expect(await read(text('Integer', '.', number))).toHaveLength(1);
      await expect(read(text('Integer', list(values + 1), number))).rejects.toThrowError(
        `${values + 1} values, but ${values} are expected`,
      );
    }
  });
});

describe('what is refused', () => {
  const refused = (text: string, options?: OpenVcfOptions) => expect(read(text, options)).rejects;
  const at = (...places: readonly string[]) =>
    vcfText({ records: places.map((place) => `${place}\t.\tA\tC\t.\t.\t.`) });

  test('positions out of order', async () => {
    await refused(at('1\t20', '1\t10')).toMatchObject({
      code: 'formats/vcf-unsorted',
      location: { line: 4, column: 2 },
    });
  });

  test('a contig that comes back', async () => {
    await refused(at('1\t20', '2\t10', '1\t30')).toMatchObject({
      code: 'formats/vcf-unsorted',
      location: { line: 5, column: 1 },
    });
  });

  test('the same sample twice', async () => {
    const text = vcfText({ samples: ['a', 'b', 'a'], records: [] });
    await refused(text).toMatchObject({
      code: 'formats/vcf-duplicate-sample',
      location: { line: 2, column: 12 },
    });
  });

  test('the same change twice, as it is or in other words', async () => {
    const text = (...records: string[]) =>
      vcfText({ records: records.map((record) => `1\t${record}\t.\t.\t.`) });
    for (const twice of [
      ['5\t.\tA\tC', '5\t.\tA\tC'],
      ['5\t.\tA\tC', '5\t.\tA\tG,C'],
      ['5\t.\tAT\tAC', '6\t.\tT\tC'],
      ['5\t.\tA\tC', '5\trs1\tAG\tCG'],
    ])
      await refused(text(...twice)).toMatchObject({
        code: 'formats/vcf-duplicate',
        location: { line: 4, column: 5 },
      });
    const symbolic = text('5\t.\tA\t<DEL>', '5\t.\tA\t<DEL>', '5\t.\tA\t*', '5\t.\tA\t*');
    expect(await read(symbolic)).toHaveLength(4);
  });

  test('positions beyond the contig, as declared or as the assembly has it', async () => {
    const meta = ['##contig=<ID=22,length=100>'];
    const records = (position: number) => [`22\t${position}\t.\tA\tC\t.\t.\t.`];
    expect(await read(vcfText({ meta, records: records(101) }))).toHaveLength(1);
    await refused(vcfText({ meta, records: records(102) })).toMatchObject({
      code: 'formats/position-beyond-contig',
      location: { line: 4, column: 2 },
    });
    await refused(vcfText({ records: records(51_304_568) }), { assembly: 'GRCh37' }).toMatchObject({
      code: 'formats/position-beyond-contig',
    });
  });

  test.each([
    ['the length of a contig', ['##contig=<ID=chr22,length=50818468>'], '22'],
    ['the name of a reference', ['##reference=file:///data/GRCh38_full_analysis_set.fa'], '22'],
    ['the accession of a declared contig', ['##contig=<ID=NC_000022.11>'], '22'],
    ['the accession of a record', [], 'NC_000022.11'],
    ['an assembly that is neither', ['##reference=hg18.fa'], '22'],
  ])('another assembly, told by %s', async (_what, meta, contig) => {
    const text = vcfText({ meta, records: [`${contig}\t100\t.\tA\tC\t.\t.\t.`] });
    await refused(text, { assembly: 'GRCh37' }).toMatchObject({ code: 'formats/wrong-assembly' });
    expect(await read(text)).toHaveLength(1);
  });

  test('records on the mitochondrion of hg19, but not the files that declare it', async () => {
    const text = (contig: string) =>
      vcfText({ meta: ['##contig=<ID=chrM,length=16571>'], records: [`${contig}\t100\t.\tA\tC\t.\t.\t.`] });
    expect(await read(text('chr1'), { assembly: 'GRCh37' })).toHaveLength(1);
    await refused(text('chrM'), { assembly: 'GRCh37' }).toMatchObject({ code: 'formats/wrong-assembly' });
  });

  test('samples too many or too few', async () => {
    const record = (values: string) => `1\t1\t.\tA\tC\t.\t.\t.\tGT\t${values}`;
    for (const values of ['0/1', '0/1\t0/1\t0/1'])
      await refused(vcfText({ samples: ['a', 'b'], records: [record(values)] })).toMatchObject({
        code: 'formats/vcf-column',
      });
  });

  test('files that are something else', async () => {
    for (const text of ['', 'hello\n', '@HD\tVN:1.6\n', '{"a": 1}\n'])
      await refused(text).toMatchObject({ code: 'formats/not-vcf' });
    await refused('##fileformat=VCFv3.3\n').toMatchObject({ code: 'formats/vcf-version' });
    await refused('##fileformat=VCFv4.2\n').toMatchObject({ code: 'formats/vcf-header' });
  });
});

describe('the header', () => {
  test('tells version, samples, contigs and assembly', async () => {
    const meta = ['##contig=<ID=chr21>', '##contig=<ID=chr22,length=50818468>'];
    const { header } = await openVcf(
      written(vcfText({ version: '4.5', meta, samples: ['x', 'y z'], records: [] })),
    );
    expect(header).toMatchObject({ version: '4.5', samples: ['x', 'y z'], assembly: 'GRCh38' });
    expect([...header.contigs]).toEqual([
      ['chr21', { lengthBp: undefined }],
      ['chr22', { lengthBp: 50_818_468 }],
    ]);
  });

  test('of a file that PLINK wrote declares no lengths that hold', async () => {
    const meta = ['##source=PLINKv1.90', '##contig=<ID=1,length=101>'];
    const text = vcfText({ meta, records: ['1\t5000\t.\tA\tC\t.\t.\tPR'] });
    expect(await read(text, { assembly: 'GRCh38' })).toHaveLength(1);
  });
});

const RECORDS = Array.from(
  { length: 60 },
  (_, index) => `1\t${index + 1}\t.\tA\tC\t.\t.\t.\tGT\t0|1\t1|${index % 2}`,
);
const WHOLE = vcfText({ samples: ['a', 'b'], records: RECORDS });

test('a plain file that was cut gives every record before the cut, and is refused unless it ends with a line', async () => {
  for (let length = 0; length < WHOLE.length; length += 1) {
    const cut = WHOLE.slice(0, length);
    const isWhole = cut.endsWith('\n') && cut.includes('#CHROM');
    if (isWhole) expect(await read(cut)).toHaveLength(cut.split('\n').length - 3);
    else
      await expect(read(cut), `cut at ${length}`).rejects.toMatchObject({
        location: { file: expect.any(String) },
      });
  }
});

test('a gzip file that was cut anywhere is refused', async () => {
  const bytes = gzipSync(WHOLE);
  for (let length = 0; length < bytes.length; length += 1)
    await expect(read(bytes.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({
      code: expect.stringMatching(/^formats\/(truncated|not-vcf)$/),
    });
});

test('lines longer than any chunk, and records around them, are read', async () => {
  const count = 400_000;
  const samples = Array.from({ length: count }, (_, index) => `S${index}`);
  const record = (position: number, call: string) =>
    ['1', position, '.', 'A', 'C', '.', '.', '.', 'GT', ...samples.map(() => call)].join('\t');
  const path = written(vcfText({ samples, records: [record(1, '0|1'), record(2, '1'), record(3, '0/0')] }));
  const sums: number[] = [];
  for await (const batch of (await openVcf(path)).batches())
    for (const { genotypes } of batch)
      sums.push(genotypes?.calls.reduce((sum, call) => sum + call, 0) ?? NaN);
  expect(sums).toEqual([count, count - 2 * count, 0]);
});

test('records that a reader skips are checked all the same', async () => {
  const path = written(vcfText({ records: ['1\t5\t.\tA\tC\t.\t.\t.', '1\t4\t.\tA\tC\t.\t.\t.'] }));
  const skim = async () => {
    for await (const batch of (await openVcf(path)).batches()) for (const record of batch) if (record) break;
  };
  await expect(skim()).rejects.toMatchObject({ code: 'formats/vcf-unsorted' });
});

test('the records of a file can be read again', async () => {
  const reader = await openVcf(written(WHOLE));
  for (const _time of [1, 2]) {
    let lines = 0;
    for await (const batch of reader.batches()) for (const record of batch) lines = record.line;
    expect(lines).toBe(62);
    expect(reader.progress).toEqual({ bytesRead: WHOLE.length, bytesTotal: WHOLE.length });
  }
});

test('an error names no sample and no genotype', async () => {
  const text = vcfText({ samples: ['NA12878'], records: ['1\t1\t.\tA\tC\t.\t.\t.\tGT:DP\t0/1:secret'] });
  await expect(read(text)).rejects.toThrowError(/^(?!.*(NA12878|secret)).*DP is no Integer/);
});
