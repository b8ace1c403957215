import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FormatError } from '../../errors.ts';
import { openVcf } from '../open.ts';
import { type CallSets, type Genotypes, MISSING_CALL, NO_SECOND_COPY, type VcfRecord } from '../record.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-calls-'));
afterAll(() => rmSync(directory, { recursive: true }));
const FILE = join(directory, 'file.vcf');

/** What a reader gave before it ended, and the error with which it did, if any. */
interface Outcome {
  readonly records: readonly unknown[];
  readonly error: FormatError | undefined;
}

async function outcomeOf(read: () => AsyncGenerator<unknown>): Promise<Outcome> {
  const records: unknown[] = [];
  try {
    for await (const record of read()) records.push(record);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { records, error };
  }
  return { records, error: undefined };
}

const bySets = () =>
  outcomeOf(async function* () {
    const reader = await openVcf(FILE);
    const samples = reader.header.samples.length;
    for await (const { records } of reader.calls())
      for (const record of records)
        yield { ...siteOf(record), ...setsOf(record.calls, record.alts.length, samples) };
  });

const byGenotypes = () =>
  outcomeOf(async function* () {
    const reader = await openVcf(FILE);
    for await (const batch of reader.batches())
      for (const record of batch) {
        const samples = reader.header.samples.length;
        const calls = callsOf(record.genotypes, samples);
        yield { ...siteOf(record), ...setsOf(calls, record.alts.length, samples) };
      }
  });

function siteOf({ line, contig, position, ids, ref, alts, filters }: Omit<VcfRecord, 'genotypes'>) {
  return { line, contig, position, ids, ref, alts, filters };
}

function setsOf(calls: CallSets, alts: number, samples: number) {
  const unusual = new Set(calls.unusualPhase);
  return {
    carriers: Array.from({ length: alts }, (_, index) => [...calls.carriers(index + 1)]),
    missing: [...calls.missing],
    absent: [...calls.absent],
    phased: Array.from(
      { length: samples },
      (_, sample) => (calls.usualPhase === 'all') !== unusual.has(sample),
    ),
  };
}

/** Sets by plain means. */
function callsOf(genotypes: Genotypes | undefined, samples: number) {
  const calls =
    genotypes === undefined ? new Array<number>(2 * samples).fill(MISSING_CALL) : [...genotypes.calls];
  const carriers = (wanted: number) => Uint32Array.from([...calls.keys()].filter((h) => calls[h] === wanted));
  const phased = Array.from({ length: samples }, (_, sample) => sample).filter(
    (sample) => genotypes?.phased[sample] === 1,
  );
  return {
    carriers,
    missing: carriers(MISSING_CALL),
    absent: carriers(NO_SECOND_COPY),
    usualPhase: 'none',
    unusualPhase: Uint32Array.from(phased),
  } as const;
}

const HEADER = [
  '##fileformat=VCFv4.3',
  '##contig=<ID=1,length=100000>',
  '##INFO=<ID=XI,Number=A,Type=Integer,Description="x">',
  '##INFO=<ID=XF,Number=.,Type=Float,Description="x">',
  '##INFO=<ID=XS,Number=1,Type=String,Description="x">',
  '##INFO=<ID=XB,Number=0,Type=Flag,Description="x">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">',
  '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="x">',
  '##FORMAT=<ID=XX,Number=1,Type=String,Description="x">',
];

const biased = <T>(common: T, ...others: readonly T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(common) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );

/** The sample columns of a record with so many ALT alleles. */
function columns(samples: number, alts: number) {
  const allele = fc.oneof(
    { weight: 6, arbitrary: fc.constant('0') },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: alts }).map(String) },
    { weight: 1, arbitrary: fc.constant('.') },
  );
  return fc
    .record({
      separator: fc.constantFrom(['|'], ['/'], ['|', '/'], ['|', '|', '|', '|', '/']),
      haploid: fc.constantFrom(0, 0, 3, 10),
      format: biased('GT', 'GT:DP', 'GT:XX:DP', 'DP', '.', 'GT:DP:XX'),
    })
    .chain(({ separator, haploid, format }) => {
      const call = fc
        .tuple(allele, fc.constantFrom(...separator), allele, fc.nat(9))
        .map(([first, between, second, dice]) => (dice < haploid ? first : first + between + second));
      const rest = (key: string) =>
        key === 'DP' ? biased('12', '.', '7', '-3') : biased('word', '.', 'é', '1|0');
      const keys = format.split(':');
      const column = fc
        .tuple(
          ...keys.map((key) => (key === 'GT' ? call : key === '.' ? fc.constant('.') : rest(key))),
          fc.nat(6),
        )
        .map((parts) =>
          parts
            .slice(0, -1)
            .slice(0, parts.at(-1) === 0 ? 1 : keys.length)
            .join(':'),
        );
      return fc.tuple(fc.constant(format), fc.array(column, { minLength: samples, maxLength: samples }));
    })
    .map(([format, values]) => [format, ...values].join('\t'));
}

const site = fc.record({
  step: fc.integer({ min: 1, max: 9 }),
  id: biased('.', 'rs17', 'a;b', 'é'),
  ref: biased('A', 'C', 'AC', 'a', 'N'),
  alts: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(['T'], ['G'], ['TT'], ['<DEL>']) },
    { weight: 1, arbitrary: fc.constantFrom(['T', 'G'], ['T', 'G', 'TTG'], ['.'], ['*', 'T']) },
    {
      weight: 1,
      arbitrary: fc.constant(Array.from({ length: 12 }, (_, index) => `T${'G'.repeat(index + 2)}`)),
    },
  ),
  qual: biased('.', '29', '3.5', '1e3', '7.'),
  filter: biased('PASS', '.', 'q10', 'q10;s50'),
  info: biased('.', 'XB', 'XF=0.1,-2,.5;XB', 'XS=a b,c', 'NEW=1;XF=1e-9', 'XF=.;NEW'),
});

const text = fc
  .oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 64, 200))
  .chain((samples) =>
    fc.tuple(
      fc.constant(samples),
      fc.array(
        site.chain((each) =>
          fc.tuple(fc.constant(each), columns(samples, each.alts[0] === '.' ? 0 : each.alts.length)),
        ),
        { minLength: 1, maxLength: 6 },
      ),
      fc.constantFrom('\n', '\n', '\r\n'),
    ),
  )
  .map(([samples, records, ending]) => {
    let position = 0;
    const lines = records.map(([{ step, id, ref, alts, qual, filter, info }, rest]) => {
      position += step;
      return ['1', position, id, ref, alts.join(','), qual, filter, info, rest].join('\t');
    });
    const names = Array.from({ length: samples }, (_, sample) => `S${sample}`);
    const titles = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...names].join('\t');
    return [...HEADER, titles, ...lines, ''].join(ending);
  });

describe('calls as sets', () => {
  test('are those that are read one by one, whatever shape records have', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (written, compressed) => {
        writeFileSync(FILE, compressed ? gzipSync(written) : written);
        const found = await bySets();
        expect(found.error).toBeUndefined();
        expect(found).toEqual(await byGenotypes());
      }),
      { numRuns: 250 },
    );
  });

  test('of a damaged file are refused as strictly, but for the contents of fields beside GT', async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'\t\n\r:|/.,;0129A\u0000\u00ff')), {
      minLength: 1,
      maxLength: 2,
    });
    let refused = 0;
    let overlooked = 0;
    await fc.assert(
      fc.asyncProperty(text, damage, async (written, changes) => {
        const bytes = Buffer.from(written);
        const body = bytes.indexOf('\n1\t') + 1;
        for (const [where, byte] of changes)
          bytes.write(byte, body + (where % (bytes.length - body)), 'latin1');
        writeFileSync(FILE, bytes);
        const strict = await byGenotypes();
        const found = await bySets();
        const { error } = strict;
        const place = error?.location;
        const isSame = sameRefusal(error, found.error);
        if (!isSame && error?.code === 'formats/vcf-column' && (place?.column ?? 0) > 9) {
          overlooked += 1;
          expect(found.records.slice(0, strict.records.length)).toEqual(strict.records);
          expect(formatOf(bytes, place?.line ?? 0)).toMatch(/^GT:/);
        } else {
          expect(found.records).toEqual(strict.records);
          expect(isSame, `${error?.message} ${found.error?.message}`).toBe(true);
          if (error !== undefined) refused += 1;
        }
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(100);
    expect(overlooked).toBeGreaterThan(0);
  });

  test('of lines longer than any chunk, of more than 100,000 people, are read', async () => {
    const samples = 120_000;
    const names = Array.from({ length: samples }, (_, sample) => `S${sample}`);
    const columnsOf = (usual: string, at: number, other: string) =>
      Array.from({ length: samples }, (_, sample) => (sample % 50_000 === at ? other : usual)).join('\t');
    const lines = [
      `1\t5\t.\tA\tC\t.\t.\t.\tGT\t${columnsOf('0|0', 17, '0|1')}`,
      `1\t6\t.\tA\tC\t.\t.\t.\tGT:DP\t${columnsOf('0/0:7', 49_999, '1/.')}`,
    ];
    const titles = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...names].join('\t');
    writeFileSync(FILE, gzipSync([...HEADER, titles, ...lines, ''].join('\n'), { level: 1 }));
    const { records, error } = await bySets();
    expect(error).toBeUndefined();
    expect(records).toMatchObject([
      { carriers: [[35, 100_035, 200_035]], missing: [] },
      { carriers: [[99_998, 199_998]], missing: [99_999, 199_999] },
    ]);
  });

  test("are nobody's in a file without samples", async () => {
    const sites = ['1\t5\trs1\tA\tC\t.\tPASS\tXB', '1\t9\t.\tA\tC,T\t.\tPASS\t.'];
    for (const ending of ['\n', '\r\n']) {
      writeFileSync(
        FILE,
        [...HEADER, '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO', ...sites, ''].join(ending),
      );
      const { records, error } = await bySets();
      expect(error).toBeUndefined();
      expect(records).toMatchObject([
        { position: 4, ids: ['rs1'], carriers: [[]], missing: [] },
        { position: 8, alts: ['C', 'T'], carriers: [[], []], absent: [] },
      ]);
    }
  });

  test('come with every byte of the file, once and in order', async () => {
    writeFileSync(FILE, gzipSync(fc.sample(text, { seed: 5, numRuns: 1 })[0]!));
    const passed: Uint8Array[] = [];
    const onCompressed = (bytes: Uint8Array) => passed.push(Uint8Array.from(bytes));
    for await (const batch of (await openVcf(FILE)).calls({ onCompressed }))
      expect(batch.records).toBeDefined();
    expect(Buffer.concat(passed).equals(readFileSync(FILE))).toBe(true);
  });
});

function sameRefusal(a: FormatError | undefined, b: FormatError | undefined): boolean {
  const told = (error: FormatError | undefined) =>
    JSON.stringify([error?.code, error?.message, error?.location]);
  return told(a) === told(b);
}

/** The FORMAT column of a line. */
function formatOf(bytes: Buffer, line: number): string {
  return bytes.toString('latin1').split('\n')[line - 1]?.split('\t')[8] ?? '';
}
