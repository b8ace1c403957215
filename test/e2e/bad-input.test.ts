import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { federome, federomeOutput } from '@federome/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SAMPLES = ['p1', 'p2', 'p3', 'p4'];

interface VcfParts {
  readonly samples?: readonly string[];
  readonly contig?: string;
  readonly rows?: readonly string[];
  readonly meta?: readonly string[];
}

function vcf({ samples = SAMPLES, contig = '22', rows = [], meta = [] }: VcfParts): string {
  const genotypes = samples.map((_, index) => (index % 2 === 0 ? '0|1' : '0|0')).join('\t');
  const lines = rows.map((row) => `${contig}\t${row}\t.\tPASS\t.\tGT\t${genotypes}`);
  return [
    '##fileformat=VCFv4.3',
    ...meta,
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...samples].join('\t'),
    ...lines,
    '',
  ].join('\n');
}

const GOOD = vcf({ rows: ['1000\t.\tA\tG', '2000\t.\tC\tT'] });
const HPO = `format-version: 1.2
ontology: hp

[Term]
id: HP:0000118
name: Phenotypic abnormality

[Term]
id: HP:0001250
name: Seizure
is_a: HP:0000118
`;

let scratch: string;
const home = () => join(scratch, 'node');
const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(scratch, name);
  await writeFile(path, content);
  return path;
};
const phenopacket = (id: string, term: string) =>
  JSON.stringify({
    id: `case-${id}`,
    subject: { id, sex: 'FEMALE' },
    phenotypicFeatures: [{ type: { id: term, label: 'a feature' } }],
    metaData: { created: '2024-01-01T00:00:00Z', createdBy: 'test', resources: [] },
  });

/** Everything that the node would tell its operator. */
const state = async () => [
  await federomeOutput('frequencies', home(), '--dataset', 'd', '--by', 'sex'),
  await federomeOutput('count', home(), '--dataset', 'd', '--filter', 'HP:0001250', '--json'),
];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'federome-bad-'));
  await federomeOutput('init', home(), '--country', 'EE');
  await federomeOutput('dataset', 'add', home(), 'd', '--assembly', 'GRCh38');
  await federomeOutput('ingest', home(), '--dataset', 'd', await file('good.vcf', GOOD));
  await federomeOutput('ontology', 'add', home(), await file('hp.obo', HPO));
  await federomeOutput(
    'subjects',
    home(),
    '--dataset',
    'd',
    await file('good.json', phenopacket('p1', 'HP:0001250')),
  );
}, 60_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Refusal {
  readonly what: string;
  readonly code: string;
  /** What the message names: a line, a column, a subject. */
  readonly names: RegExp;
  readonly command: () => Promise<readonly string[]>;
}

const ingest = async (name: string, content: string | Uint8Array, ...options: string[]) => [
  'ingest',
  home(),
  '--dataset',
  'd',
  ...options,
  await file(name, content),
];
const others = ['q1', 'q2'];

const REFUSALS: readonly Refusal[] = [
  {
    what: 'a gzip file that ends early',
    code: 'formats/truncated',
    names: /cut\.vcf\.gz/,
    command: async () => {
      const rows = Array.from({ length: 5_000 }, (_, index) => `${3_000 + index}\t.\tA\tG`);
      const whole = gzipSync(vcf({ samples: others, rows }));
      return ingest('cut.vcf.gz', whole.subarray(0, whole.length - 500));
    },
  },
  {
    what: 'the samples of the dataset in another order',
    code: 'genotypes/samples-reordered',
    names: /order\.vcf/,
    command: () => ingest('order.vcf', vcf({ samples: ['p2', 'p1', 'p3', 'p4'], rows: ['5000\t.\tA\tG'] })),
  },
  {
    what: 'some of the samples of the dataset beside new ones',
    code: 'genotypes/samples-overlap',
    names: /overlap\.vcf/,
    command: () => ingest('overlap.vcf', vcf({ samples: ['p1', 'q1'], rows: ['5000\t.\tA\tG'] })),
  },
  {
    what: 'a sample twice',
    code: 'formats/vcf-duplicate-sample',
    names: /twice\.vcf:4:11/,
    command: () => ingest('twice.vcf', vcf({ samples: ['q1', 'q1'], rows: ['5000\t.\tA\tG'] })),
  },
  {
    what: 'positions out of order',
    code: 'formats/vcf-unsorted',
    names: /unsorted\.vcf:6/,
    command: () => ingest('unsorted.vcf', vcf({ samples: others, rows: ['5000\t.\tA\tG', '4000\t.\tA\tG'] })),
  },
  {
    what: 'a position beyond the end of the contig',
    code: 'formats/position-beyond-contig',
    names: /beyond\.vcf:5/,
    command: () => ingest('beyond.vcf', vcf({ samples: others, rows: ['50818470\t.\tA\tG'] })),
  },
  {
    what: 'a REF that contradicts the reference',
    code: 'reference-mismatch',
    names: /ref\.vcf:5/,
    command: async () => {
      const fasta = await file('reference.fa', `>22\n${'ACGT'.repeat(30)}\n`);
      return ingest('ref.vcf', vcf({ samples: others, rows: ['9\t.\tC\tG'] }), '--reference', fasta);
    },
  },
  {
    what: 'a file called against the other assembly',
    code: 'formats/wrong-assembly',
    names: /b37\.vcf:2.*GRCh38/,
    command: () =>
      ingest(
        'b37.vcf',
        vcf({
          samples: others,
          rows: ['5000\t.\tA\tG'],
          meta: ['##contig=<ID=22,length=51304566,assembly=b37>'],
        }),
      ),
  },
  {
    what: 'a variant that the dataset has already, in another file',
    code: 'genotypes/duplicate-variant',
    names: /again\.vcf/,
    command: () => ingest('again.vcf', vcf({ rows: ['1000\t.\tA\tG', '7000\t.\tA\tG'] })),
  },
  {
    what: 'a file that is no VCF',
    code: 'formats/not-vcf',
    names: /text\.vcf/,
    command: () => ingest('text.vcf', 'hello\n'),
  },
  {
    what: 'a phenopacket with a term that the ontology does not know',
    code: 'node/unknown-term',
    names: /HP:9999999/,
    command: async () => [
      'subjects',
      home(),
      '--dataset',
      'd',
      await file('term.json', phenopacket('p2', 'HP:9999999')),
    ],
  },
  {
    what: 'a phenopacket of somebody without genome',
    code: 'node/subject-without-genome',
    names: /stranger/,
    command: async () => [
      'subjects',
      home(),
      '--dataset',
      'd',
      await file('who.json', phenopacket('stranger', 'HP:0001250')),
    ],
  },
  {
    what: 'one bad phenopacket among good ones',
    code: 'node/unknown-term',
    names: /HP:9999999/,
    command: async () => [
      'subjects',
      home(),
      '--dataset',
      'd',
      await file(
        'many.jsonl',
        `${['p2', 'p3', 'p4'].map((id) => phenopacket(id, id === 'p4' ? 'HP:9999999' : 'HP:0001250')).join('\n')}\n`,
      ),
    ],
  },
  {
    what: 'a mapping that names a column which the table lacks',
    code: 'formats/missing-column',
    names: /heigth/,
    command: async () => {
      const mapping = await file(
        'mapping.yaml',
        'id: id\nmeasurements:\n  - column: heigth\n    assay: { id: "LOINC:8308-9" }\n    unit: cm\n',
      );
      return [
        'subjects',
        home(),
        '--dataset',
        'd',
        '--mapping',
        mapping,
        await file('table.csv', 'id,height\np1,180\n'),
      ];
    },
  },
  {
    what: 'a consent of somebody whom the dataset does not know',
    code: 'node/unknown-subject',
    names: /consents\.csv:3.*nobody/,
    command: async () => [
      'consent',
      'set',
      home(),
      '--dataset',
      'd',
      await file('consents.csv', 'subject,item,decision\np1,all,deny\nnobody,all,deny\n'),
    ],
  },
  {
    what: 'a consent item that does not exist',
    code: 'core/bad-consent',
    names: /item\.csv:2/,
    command: async () => [
      'consent',
      'set',
      home(),
      '--dataset',
      'd',
      await file('item.csv', 'subject,item,decision\np1,everything,deny\n'),
    ],
  },
  {
    what: 'a dataset that does not exist',
    code: 'node/unknown-dataset',
    names: /nothing/,
    command: async () => ['ingest', home(), '--dataset', 'nothing', await file('good2.vcf', GOOD)],
  },
  {
    what: 'a dataset of a hub',
    code: 'node/wrong-role',
    names: /hub/,
    command: async () => {
      const hub = join(scratch, 'hub');
      await federomeOutput('init', hub, '--role', 'hub', '--country', 'LU');
      return ['dataset', 'add', hub, 'd', '--assembly', 'GRCh38'];
    },
  },
  {
    what: 'a home that is none',
    code: 'node/no-home',
    names: /empty/,
    command: async () => {
      await mkdir(join(scratch, 'empty'), { recursive: true });
      return ['serve', join(scratch, 'empty')];
    },
  },
];

test.each(REFUSALS)('$what is refused with $code, and nothing changes', async ({ code, names, command }) => {
  const before = await state();
  const { exitCode, stderr } = await federome(...(await command()));
  expect(stderr).toContain(code);
  expect(stderr).toMatch(names);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(1);
  expect(await state()).toEqual(before);
});

test('a command that does not exist, or lacks what it needs, is wrong usage', async () => {
  for (const words of [['sing'], ['ingest'], ['init', join(scratch, 'x')], ['frequencies', home()]]) {
    expect((await federome(...words)).exitCode).toBe(2);
  }
});
