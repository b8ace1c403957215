import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { embeddedGenes } from './embedded-genes.ts';
import type { GeneLocation } from './gene-location.ts';
import { type ReadGenesOptions, readGenes } from './read-genes.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'genes-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(content: string | Uint8Array, options: ReadGenesOptions = { assembly: 'GRCh38' }) {
  const file = join(directory, 'genes');
  await writeFile(file, content);
  const genes: GeneLocation[] = [];
  for await (const gene of readGenes(file, options)) genes.push(gene);
  return genes;
}

const APOE = { symbol: 'APOE', assembly: 'GRCh38', contig: '19', start: 44905790, end: 44909393 };
const ENSEMBL = { ensemblId: 'ENSG00000130203' };

test.each([
  [
    'a 0-based list',
    'gene_id\tgene_symbol\tgene_type\tchrom\tstart\tend\nENSG00000130203.10\tAPOE\tprotein_coding\t19\t44905790\t44909393\n',
    true,
  ],
  [
    'a 1-based list',
    'GENE_CHROMOSOME\tGENE_START\tGENE_END\tGENE_NAME\n19\t44905791\t44909393\tAPOE\n',
    false,
  ],
  [
    'an Ideogram.js cache',
    '## of GRCh38\n# chr\tstart\tlength\tslim_id\tsymbol\tx\n19\t44905791\t3602\t130203\tAPOE\t\n',
    true,
  ],
  ['BED', 'track name=genes\nchr19\t44905790\t44909393\tAPOE\t0\t+\n', false],
  [
    'GFF3',
    '##gff-version 3\n19\te\tgene\t44905791\t44909393\t.\t+\t.\tID=gene:ENSG00000130203;Name=APOE\n19\te\tmRNA\t1\t2\t.\t+\t.\tID=t\n',
    true,
  ],
  [
    'GTF',
    'chr19\th\tgene\t44905791\t44909393\t.\t+\t.\tgene_id "ENSG00000130203.10"; gene_name "APOE";\n',
    true,
  ],
])('%s gives 0-based half-open coordinates', async (_, text, named) => {
  expect(await read(text)).toEqual([{ ...APOE, ensemblId: named ? ENSEMBL.ensemblId : undefined }]);
  expect(await read(gzipSync(text))).toHaveLength(1);
});

test('a table counts as it is told where its header does not say', async () => {
  const table = 'symbol,chrom,start,end\nAPOE,chr19,44905791,44909393\n';
  expect(await read(table, { assembly: 'GRCh38', coordinates: 'one-based' })).toMatchObject([APOE]);
  expect(await read(table, { assembly: 'GRCh38', coordinates: 'zero-based' })).toMatchObject([
    { start: 44905791 },
  ]);
  await expect(read(table)).rejects.toMatchObject({ code: 'formats/table', location: { line: 1 } });
});

test.each([
  ['symbol,chrom,start\nA,1,2\n', {}, 'formats/missing-column', 1],
  ['1\t5\tx\tA\n', {}, 'formats/missing-column', 1],
  ['1\t5\t9\tA\n1\t5\n', {}, 'formats/table', 2],
  ['1\t5\t9\tA\n1\t9\t5\tA\n', {}, 'formats/table', 2],
  ['1\t0\t2300000\tp36.33\tgneg\n', {}, 'formats/table', 1],
  ['21\t5\t48000000\tA\n', {}, 'formats/position-beyond-contig', 1],
  ['NC_000019.9\t5\t9\tA\n', {}, 'formats/wrong-assembly', 1],
  ['#hg19\n1\t5\t9\tA\n', {}, 'formats/wrong-assembly', undefined],
  ['1\t5\t9\tA\n', { assembly: undefined }, 'formats/wrong-assembly', undefined],
] as const)('%j is refused', async (text, options, code, line) => {
  const error = await read(text, { assembly: 'GRCh38', coordinates: 'zero-based', ...options }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code, location: line === undefined ? {} : { line } });
});

test('the embedded genes have one place each on either assembly', () => {
  for (const assembly of ['GRCh37', 'GRCh38'] as const) {
    const genes = embeddedGenes(assembly);
    expect(new Set(genes.map(({ symbol }) => symbol)).size).toBe(genes.length);
    expect(new Set(genes.map(({ ensemblId }) => ensemblId)).size).toBe(genes.length);
    expect(genes.every(({ start, end }) => end - start > 50)).toBe(true);
  }
  expect(embeddedGenes('GRCh38')).toContainEqual({ ...APOE, ...ENSEMBL });
});

test('a gene file that is cut or altered is read or refused, never anything else', async () => {
  const texts = [
    'GENE_CHROMOSOME\tGENE_START\tGENE_END\tGENE_NAME\n19\t44905791\t44909393\tAPOE\n',
    '##gff-version 3\n19\te\tgene\t44905791\t44909393\t.\t+\t.\tID=gene:ENSG00000130203;Name=APOE\n',
  ];
  const character = fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom(...'\t\n"#;=%0-'));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.nat(),
      fc.nat({ max: 3 }),
      character,
      async (text, place, removed, inserted) => {
        const at = place % text.length;
        for (const content of [text.slice(0, at), text.slice(0, at) + inserted + text.slice(at + removed)])
          await read(content).catch((error: unknown) => {
            if (!(error instanceof FormatError)) throw error;
          });
      },
    ),
    { numRuns: 100 },
  );
});
