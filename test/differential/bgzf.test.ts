import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTextWindow, openVariants } from '@federome/formats';
import { hasShared, hasTool, sharedPath } from '@federome/testkit';
import { afterAll, describe, expect, test } from 'vitest';

const present = hasTool('bgzip', 'bcftools', 'sh');
const FOLDERS = ['1kg_five_batches_grch37_chr22', '1kg_three_studies_grch37'];

async function digestOfText(path: string, threads: number): Promise<string> {
  const hash = createHash('sha256');
  const window = await openTextWindow(path, { threads });
  for (let span = await window.next(); span !== undefined; span = await window.next())
    hash.update(window.memory.bytes.subarray(span.start, span.end));
  return hash.digest('hex');
}

async function digestOfCalls(path: string, threads: number): Promise<string> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const { records } of (await openVariants(path)).calls({ threads }))
    for (const { position, alts, calls } of records) {
      count += 1;
      hash.update(`${position} ${alts}`).update(calls.carriers(1));
    }
  return `${count} records ${hash.digest('hex')}`;
}

/** Standard output of a shell's command, as its digest. */
function digestOf(command: string): string {
  const { stdout, status } = spawnSync('sh', ['-c', command], { maxBuffer: 1 << 30 });
  expect(status, command).toBe(0);
  return createHash('sha256').update(stdout).digest('hex');
}

/** A VCF file of genotypes, half of them with depths and qualities, 6 MB. */
function variants(): string {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 4_294_967_296;
  };
  const people = Array.from({ length: 500 }, (_, place) => `S${place}`);
  const columns = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...people];
  const lines = [
    '##fileformat=VCFv4.2',
    '##contig=<ID=1,length=249250621>',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="">',
    columns.join('\t'),
  ];
  for (let site = 0; site < 2_000; site += 1) {
    const frequency = random() ** 6;
    const allele = () => (random() < frequency ? 1 : 0);
    const rich = () =>
      site % 2 === 0 ? `:${20 + Math.floor(random() * 20)}:${Math.floor(random() * 99)}` : '';
    const calls = people.map(() => `${allele()}|${allele()}${rich()}`);
    lines.push(
      `1\t${1_000 + site}\t.\tA\tC\t.\t.\t.\t${site % 2 === 0 ? 'GT:DP:GQ' : 'GT'}\t${calls.join('\t')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

describe.skipIf(!present)('BGZF of other programs', () => {
  const directory = mkdtempSync(join(tmpdir(), 'federome-bgzf-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const plain = join(directory, 'plain.vcf');
  const path = join(directory, 'compressed');
  writeFileSync(plain, variants());
  const expected = digestOf(`cat ${plain}`);

  test.each([0, 1, 5, 6, 9])('bgzip at level %i is read as it was', async (level) => {
    digestOf(`bgzip -l ${level} -c ${plain} > ${path}`);
    for (const threads of [1, 2]) expect(await digestOfText(path, threads)).toBe(expected);
  });

  test.each(['z', 'z1', 'b'])('what bcftools writes as %s is read as bgzip reads it', async (kind) => {
    digestOf(`bcftools view --no-version -O${kind} -o ${path} ${plain}`);
    expect(await digestOfText(path, 1)).toBe(digestOf(`bgzip -dc ${path}`));
  });

  test('the calls of a file are the same however many threads inflate it', async () => {
    digestOf(`bgzip -l 0 -c ${plain} > ${path}`);
    const digests = await Promise.all([1, 2, 4].map((threads) => digestOfCalls(path, threads)));
    expect(new Set(digests).size).toBe(1);
    expect(digests[0]).toMatch(/^2000 records /);
  });

  test('gzip is read as it was', async () => {
    digestOf(`gzip -c ${plain} > ${path}`);
    expect(await digestOfText(path, 2)).toBe(expected);
  });
});

describe.skipIf(!present || !hasShared('data/genotypes'))('real BGZF', () => {
  test.each(FOLDERS)('%s is read as bgzip reads it', async (folder) => {
    const root = sharedPath(`data/genotypes/${folder}`);
    const files = readdirSync(root).filter((name) => name.endsWith('.gz'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files.slice(0, 3)) {
      const file = join(root, name);
      for (const threads of [1, 2])
        expect(await digestOfText(file, threads), name).toBe(digestOf(`bgzip -dc ${file}`));
    }
  });
});
