import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { MISSING_CALL, NO_SECOND_COPY } from '../vcf/record.ts';
import { openVariants } from './open.ts';
import { VariantWriter } from './writer.ts';
import type { VariantFormat, WrittenCalls, WrittenSite } from './written.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-write-'));
afterAll(() => rmSync(directory, { recursive: true }));

const FORMATS: readonly VariantFormat[] = ['vcf', 'vcf.gz', 'bcf'];
const HEADER = { contig: '22', lengthBp: 51_304_566, assembly: 'GRCh37' };

interface Call {
  readonly first: number;
  readonly second: number;
  readonly phased: boolean;
}

const call: fc.Arbitrary<Call> = fc.record({
  first: fc.constantFrom(0, 0, 0, 0, 1, MISSING_CALL),
  second: fc.constantFrom(0, 0, 0, 0, 1, MISSING_CALL, NO_SECOND_COPY),
  phased: fc.boolean(),
});
const bases = fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 40 });
const site = fc.record({
  step: fc.integer({ min: 1, max: 5000 }),
  ids: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 3 }),
  ref: bases,
  alt: fc.oneof(bases, fc.constant('<DEL>')),
});

function haplotypes(calls: readonly Call[], value: number): Uint32Array {
  const found: number[] = [];
  calls.forEach(({ first, second }, place) => {
    if (first === value) found.push(2 * place);
    if (second === value) found.push(2 * place + 1);
  });
  return Uint32Array.from(found);
}

/** The phase of a site, told from either side; of who has one copy, as it comes. */
function phaseOf(calls: readonly Call[], usualPhase: 'all' | 'none') {
  const unusual = calls.flatMap(({ phased }, place) => (phased === (usualPhase === 'all') ? [] : [place]));
  return { usualPhase, unusualPhase: Uint32Array.from(unusual) };
}

function allReference(usualPhase: 'all' | 'none'): WrittenCalls {
  const nobody = new Uint32Array(0);
  return { carriers: nobody, missing: nobody, absent: nobody, usualPhase, unusualPhase: nobody };
}

function setsOf(calls: readonly Call[], usualPhase: 'all' | 'none'): WrittenCalls {
  return {
    carriers: haplotypes(calls, 1),
    missing: haplotypes(calls, MISSING_CALL),
    absent: haplotypes(calls, NO_SECOND_COPY),
    ...phaseOf(calls, usualPhase),
  };
}

async function write(
  format: VariantFormat,
  samples: readonly string[],
  records: readonly { readonly site: WrittenSite; readonly calls: WrittenCalls }[],
): Promise<string> {
  const path = join(directory, 'file');
  const out = createWriteStream(path);
  const writer = new VariantWriter(out, format, { ...HEADER, samples });
  await writer.start();
  for (const { site, calls } of records) await writer.write(site, calls);
  await writer.finish();
  await new Promise((resolve, reject) => out.once('error', reject).end(resolve));
  return path;
}

async function read(path: string) {
  const reader = await openVariants(path, { assembly: 'GRCh37' });
  const records = [];
  for await (const batch of reader.batches())
    for (const { contig, position, ids, ref, alts, filters, genotypes } of batch)
      records.push({
        ...{ contig, position, ids: [...ids], ref, alts: [...alts], filters: [...filters] },
        calls: genotypes && [...genotypes.calls],
        phased: genotypes && [...genotypes.phased],
      });
  return { samples: reader.header.samples, records };
}

describe.each(FORMATS)('%s', (format) => {
  test('reads back as it was written, whatever the calls', async () => {
    const content = fc
      .integer({ min: 1, max: 40 })
      .chain((samples) =>
        fc
          .array(fc.tuple(site, fc.array(call, { minLength: samples, maxLength: samples })), { maxLength: 8 })
          .map((sites) => ({ samples: Array.from({ length: samples }, (_, place) => `S${place}`), sites })),
      );
    await fc.assert(
      fc.asyncProperty(content, fc.constantFrom('all', 'none'), async ({ samples, sites }, usualPhase) => {
        let position = 1000;
        const records = sites.map(([{ step, ids, ref, alt }, calls]) => {
          position += step;
          return { site: { position, ids, ref, alt: alt === ref ? `${ref}A` : alt }, calls };
        });
        const found = await read(
          await write(
            format,
            samples,
            records.map((record) => ({ site: record.site, calls: setsOf(record.calls, usualPhase) })),
          ),
        );
        expect(found.samples).toEqual(samples);
        expect(found.records).toEqual(
          records.map(({ site: { position, ids, ref, alt }, calls }) => ({
            ...{ contig: '22', position, ids, ref, alts: [alt], filters: [] },
            calls: calls.flatMap(({ first, second }) => [first, second]),
            phased: calls.map(({ phased, second }) => (phased || second === NO_SECOND_COPY ? 1 : 0)),
          })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('of nobody has sites alone', async () => {
    const calls = allReference('none');
    const path = await write(format, [], [{ site: { position: 5, ids: [], ref: 'A', alt: 'C' }, calls }]);
    const { samples, records } = await read(path);
    expect(samples).toEqual([]);
    expect(records).toMatchObject([{ position: 5, calls: undefined }]);
  });

  test('may have rows longer than what is written at once', async () => {
    const samples = Array.from({ length: 700_000 }, (_, place) => `${place}`);
    const carriers = Uint32Array.from([3, 1_399_999]);
    const calls = { ...allReference('all'), carriers };
    const sites = [7, 8].map((position) => ({ site: { position, ids: [], ref: 'A', alt: 'C' }, calls }));
    const { records } = await read(await write(format, samples, sites));
    expect(
      records.map(({ calls }) => calls?.flatMap((allele, place) => (allele === 1 ? [place] : []))),
    ).toEqual([[...carriers], [...carriers]]);
  });

  test('fails with the error of its stream, once', async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    const writer = new VariantWriter(full, format, { ...HEADER, samples: ['S'] });
    await expect(writer.start().then(() => writer.finish())).rejects.toThrow('no space left');
  });

  test('goes no faster than its stream', async () => {
    let waiting = 0;
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        waiting += 1;
        most = Math.max(most, waiting);
        setTimeout(() => {
          waiting -= 1;
          done();
        }, 1);
      },
    });
    const samples = Array.from({ length: 100_000 }, (_, place) => `${place}`);
    const writer = new VariantWriter(slow, format, { ...HEADER, samples });
    await writer.start();
    const calls = allReference('all');
    for (let position = 1; position < 30; position += 1) {
      await writer.write({ position, ids: [], ref: 'A', alt: 'C' }, calls);
      expect(slow.writableLength).toBeLessThan(1 << 21);
    }
    await writer.finish();
    expect(most).toBe(1);
  });
});

test('BGZF ends with its end-of-file block, and no block has more than 64 KiB', async () => {
  const samples = Array.from({ length: 50_000 }, (_, place) => `${place}`);
  const calls = allReference('all');
  const path = await write('bcf', samples, [{ site: { position: 5, ids: [], ref: 'A', alt: 'C' }, calls }]);
  const bytes = readFileSync(path);
  expect(bytes.subarray(-28).toString('hex')).toBe(
    '1f8b08040000000000ff0600424302001b0003000000000000000000',
  );
  let blocks = 0;
  for (let at = 0; at < bytes.length; blocks += 1) {
    const size = bytes.readUInt16LE(at + 16) + 1;
    expect(gunzipSync(bytes.subarray(at, at + size)).length).toBeLessThanOrEqual(65_536);
    at += size;
  }
  expect(blocks).toBeGreaterThan(5);
});
