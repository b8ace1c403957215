import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsentDecision } from '@federome/core';
import {
  type FederomeNode,
  initNode,
  openNode,
  type RunningServer,
  type ServerOptions,
  serveNode,
} from '@federome/node';
import { onTestFinished } from 'vitest';

/** A person of the invented country: everything about them follows from their number. */
export interface InventedPerson {
  readonly id: string;
  readonly sex: 'female' | 'male';
  readonly born: string;
  readonly population: string;
  readonly terms: readonly string[];
  readonly heightCm: number;
}

export interface InventedVariant {
  readonly contig: string;
  /** 1-based, as in VCF. */
  readonly pos: number;
  readonly ref: string;
  readonly alt: string;
  /** The GT of a person. */
  readonly genotype: (person: number) => string;
}

export const SEIZURE = 'HP:0001250';
export const TONIC_CLONIC = 'HP:0002069';
export const RARE_TERM = 'HP:0000007';
export const HEIGHT = 'LOINC:8302-2';
/** The clock of the tests. */
export const TODAY = new Date('2026-06-15T12:00:00Z');

export function inventPerson(index: number): InventedPerson {
  const terms = [
    ...(index % 4 === 0 ? [SEIZURE] : []),
    ...(index % 40 === 1 ? [TONIC_CLONIC] : []),
    ...(index < 3 ? [RARE_TERM] : []),
  ];
  return {
    id: `P${String(index).padStart(5, '0')}`,
    sex: index % 2 === 0 ? 'female' : 'male',
    born: `${1940 + (index % 60)}-03-01`,
    population: index < 4 ? 'CCC' : index % 5 < 3 ? 'AAA' : 'BBB',
    terms,
    heightCm: 150 + (index % 50),
  };
}

const when = (carries: boolean, genotype = '0/1') => (carries ? genotype : '0/0');

/** In and around APOL1 on GRCh38, and one on the X chromosome. */
export const VARIANTS: readonly InventedVariant[] = [
  {
    contig: 'chr22',
    pos: 36_265_860,
    ref: 'A',
    alt: 'G',
    genotype: (p) => (p % 50 === 1 ? '1/1' : when(p % 10 === 0)),
  },
  { contig: 'chr22', pos: 36_265_900, ref: 'C', alt: 'T', genotype: (p) => when(p < 9) },
  { contig: 'chr22', pos: 36_265_950, ref: 'G', alt: 'GA', genotype: (p) => when(p % 20 === 3) },
  { contig: 'chr22', pos: 36_265_990, ref: 'ACAG', alt: 'A', genotype: (p) => when(p % 25 === 4, '1|0') },
  { contig: 'chr22', pos: 36_266_000, ref: 'T', alt: 'C', genotype: (p) => when(p < 10) },
  { contig: 'chr22', pos: 36_266_010, ref: 'C', alt: 'T', genotype: () => '0/0' },
  {
    contig: 'chrX',
    pos: 73_000_000,
    ref: 'A',
    alt: 'G',
    genotype: (p) => (p % 2 === 0 ? when(p % 7 === 0) : p % 7 === 0 ? '1' : '0'),
  },
];

export function vcfOf(
  people: readonly number[],
  variants: readonly InventedVariant[] = VARIANTS,
  invent: (index: number) => InventedPerson = inventPerson,
): string {
  const contigs = [...new Set(variants.map(({ contig }) => contig))];
  const header = [
    '##fileformat=VCFv4.2',
    ...contigs.map((contig) => `##contig=<ID=${contig}>`),
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    [
      '#CHROM',
      'POS',
      'ID',
      'REF',
      'ALT',
      'QUAL',
      'FILTER',
      'INFO',
      'FORMAT',
      ...people.map((p) => invent(p).id),
    ].join('\t'),
  ];
  const lines = variants.map(({ contig, pos, ref, alt, genotype }) =>
    [contig, pos, '.', ref, alt, '.', 'PASS', '.', 'GT', ...people.map(genotype)].join('\t'),
  );
  return `${[...header, ...lines].join('\n')}\n`;
}

export function tableOf(people: readonly number[], invent = inventPerson): string {
  const rows = people.map((index) => {
    const { id, sex, born, population, terms, heightCm } = invent(index);
    return [id, sex, born, population, terms.join(';'), heightCm].join(',');
  });
  return `id,sex,birthDate,population,terms,height\n${rows.join('\n')}\n`;
}

const MAPPING = `id: id
sex: sex
dateOfBirth: birthDate
population: population
terms: [terms]
measurements:
  - column: height
    assay: { id: '${HEIGHT}', label: Body height }
    unit: UCUM:cm
`;

const ONTOLOGY = `format-version: 1.2
data-version: 2026-01-01
ontology: hp

[Term]
id: HP:0000118
name: Phenotypic abnormality

[Term]
id: ${SEIZURE}
name: Seizure
is_a: HP:0000118

[Term]
id: ${TONIC_CLONIC}
name: Bilateral tonic-clonic seizure
alt_id: HP:0002434
is_a: ${SEIZURE}

[Term]
id: ${RARE_TERM}
name: Autosomal recessive inheritance
is_a: HP:0000118

[Term]
id: HP:0000252
name: Microcephaly
is_a: HP:0000118
`;

export interface InventedDataset {
  readonly id: string;
  /** Numbers of the people. */
  readonly people: readonly number[];
  readonly assembly?: 'GRCh37' | 'GRCh38';
  readonly variants?: readonly InventedVariant[];
  readonly invent?: (index: number) => InventedPerson;
}

type Defer = (cleanUp: () => Promise<void>) => void;

/** A node with invented datasets in a temporary home; closed when the test has finished, or whenever `defer` says. */
export async function inventedNode(
  datasets: readonly InventedDataset[],
  defer: Defer = onTestFinished,
  init: Pick<Parameters<typeof initNode>[1], 'disclosure'> = {},
): Promise<FederomeNode> {
  const home = await mkdtemp(join(tmpdir(), 'federome-beacon-'));
  const files = await mkdtemp(join(tmpdir(), 'federome-beacon-'));
  await initNode(home, { country: 'EE', name: 'Estonia, invented', ...init });
  const node = await openNode(home, { now: () => TODAY });
  defer(async () => {
    await node.close();
    for (const directory of [home, files]) await rm(directory, { recursive: true, force: true });
  });
  await fill(node, files, datasets);
  return node;
}

async function fill(node: FederomeNode, files: string, datasets: readonly InventedDataset[]): Promise<void> {
  await writeFile(join(files, 'hp.obo'), ONTOLOGY);
  await writeFile(join(files, 'mapping.yaml'), MAPPING);
  await node.ontologies.add([join(files, 'hp.obo')]);
  for (const { id, people, assembly = 'GRCh38', variants = VARIANTS, invent } of datasets) {
    await node.datasets.add({ id, assembly, title: `Dataset ${id}`, duo: ['DUO:0000042'] });
    await writeFile(join(files, `${id}.vcf`), vcfOf(people, variants, invent));
    await writeFile(join(files, `${id}.csv`), tableOf(people, invent));
    await node.datasets.ingest(id, [join(files, `${id}.vcf`)]);
    await node.subjects.load(id, [join(files, `${id}.csv`)], { mapping: join(files, 'mapping.yaml') });
  }
}

/** Serves a node on a free port until the test has finished, or until `defer` says. */
export async function served(
  node: FederomeNode,
  options: ServerOptions = {},
  defer: Defer = onTestFinished,
): Promise<RunningServer> {
  const server = await serveNode(node, options);
  defer(() => server.close());
  return server;
}

export function people(count: number, first = 0): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

export function denials(
  numbers: readonly number[],
  scope: ConsentDecision['scope'],
): readonly ConsentDecision[] {
  return numbers.map((index) => ({ subject: inventPerson(index).id, scope, decision: 'deny' }));
}
