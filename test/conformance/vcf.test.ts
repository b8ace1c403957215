import { readdirSync, readFileSync } from 'node:fs';
import { FormatError, openVcf } from '@federome/formats';
import { hasShared, sharedPath } from '@federome/testkit';
import { expect, test } from 'vitest';

const SUITE = 'specs/vcf-conformance';
const VERSIONS = ['4.1', '4.2', '4.3'];
const present = hasShared(SUITE);

/** Files that the suite wants refused and that are read all the same; docs/vcf-conformance.md holds the same table. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  '4.1/failed/failed_meta_info_010.vcf': 'Minimac and LoFreq declare AF with Number=1',
  '4.2/failed/failed_meta_info_009.vcf': 'Minimac and LoFreq declare AF with Number=1',
  '4.3/failed/failed_meta_info_015.vcf': 'Minimac and LoFreq declare AF with Number=1',
};

/** What the refusal says, for each kind of cause that the suite names; the first that matches counts. */
const REASONS: readonly (readonly [cause: RegExp, reason: RegExp])[] = [
  [/non-contiguous|non-sorted|due to multiallelic/, /INFO AC has 1 values, but 2 are expected/],
  [/duplicated|triplicated/, /described a second time/],
  [/no newline/, /last newline is missing/],
  [/reserved value 0/, /reserved value 0/],
  [/ID .*(twice|duplicate)|duplicate (values|keys|fields)/, /twice/],
  [/cardinality|Number definition/, /values, but|takes no value/],
  [/Type definition/, /is (no|'.*', which is no) /],
  [/Number (is not|value)|Number is not/, /Number (of|'.*' is not)/],
  [/Type (is not|value)/, /Type (of|'.*' is none)|Number 'Number'/],
  [/not a flag/, /is a flag/],
  [/negative/, /below zero|not a number from 0/],
  [/overflow|reserved value|underflow/, /is no Integer/],
  [/order of/, /another order/],
  [/surrounded|quotes|quotation/, /quot|not closed|after a value|brackets/],
  [/out of range/, /names allele/],
  [/genotype|missing alleles/, /genotype is malformed/],
  [/fileformat/, /not a version/],
  [/URL/, /valid URL/],
];

function files(kind: 'passed' | 'failed'): readonly string[] {
  return VERSIONS.flatMap((version) =>
    readdirSync(sharedPath(`${SUITE}/${version}/${kind}`)).map((name) => `${version}/${kind}/${name}`),
  );
}

/** The refusal of a file, or `undefined` where it is read to its end. */
async function refusalOf(file: string): Promise<FormatError | undefined> {
  try {
    const reader = await openVcf(sharedPath(`${SUITE}/${file}`), { higherPloidy: 'mark' });
    for await (const batch of reader.batches()) for (const record of batch) void record;
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

test.skipIf(!present)('every file that the suite lets pass is read to its end', async () => {
  const refused: string[] = [];
  for (const file of files('passed')) {
    const refusal = await refusalOf(file);
    if (refusal !== undefined) refused.push(refusal.describe());
  }
  expect(refused).toEqual([]);
  expect(files('passed').length).toBeGreaterThan(70);
});

test.skipIf(!present)(
  'every file that the suite wants refused is refused, but for the listed exceptions',
  async () => {
    const accepted: string[] = [];
    for (const file of files('failed')) if ((await refusalOf(file)) === undefined) accepted.push(file);
    expect(accepted.sort()).toEqual(Object.keys(EXCEPTIONS).sort());
    expect(files('failed').length).toBeGreaterThan(600);
  },
);

test.skipIf(!present)('a refusal names file, line, column and the reason that the suite names', async () => {
  const wrong: string[] = [];
  for (const file of files('failed')) {
    const refusal = await refusalOf(file);
    if (refusal === undefined) continue;
    const { location } = refusal;
    expect(location?.file).toContain(file);
    expect(location?.line).toBeGreaterThan(0);
    expect(location?.column).toBeGreaterThan(0);
    expect(refusal.message).toMatch(/^\S/);
    const cause = /CauseOfFailure=(.*)/.exec(readFileSync(sharedPath(`${SUITE}/${file}`), 'utf8'))?.[1] ?? '';
    const expected = REASONS.find(([pattern]) => pattern.test(cause))?.[1];
    if (expected !== undefined && !expected.test(refusal.message))
      wrong.push(`${file}: ${cause} / ${refusal.message}`);
  }
  expect(wrong).toEqual([]);
});

test.skipIf(!present)('faults of a record are found in the column that the file is named after', async () => {
  const columns = ['chrom', 'pos', 'id', 'ref', 'alt', 'qual', 'filter', 'info', 'format', 'sample'];
  const wrong: string[] = [];
  for (const file of files('failed')) {
    const name = /failed_body_([a-z]+)_/.exec(file)?.[1] ?? '';
    const column = columns.indexOf(name) + 1;
    // The sixth of 4.3 and the fourth of 4.1 and 4.2 are about GT, which the samples hold; names of samples are the header's.
    if (column === 0 || /format_00[46]|sample_011/.test(file)) continue;
    const refusal = await refusalOf(file);
    if (refusal?.location?.column !== column) wrong.push(`${file}: ${refusal?.message}`);
  }
  expect(wrong).toEqual([]);
});

test('the table of exceptions in the documentation is the one that the test holds', () => {
  const text = readFileSync(new URL('../../docs/vcf-conformance.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `(4\.\d\/failed\/[^`]+)` \| (.*) \|$/gm)].map((match) => [
    match[1],
    match[2],
  ]);
  expect(listed).toEqual(Object.entries(EXCEPTIONS));
});
