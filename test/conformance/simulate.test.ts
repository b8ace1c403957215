import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CONDITIONS, GENES, PLANTED } from '@federome/simulate';
import { hasShared, sharedPath } from '@federome/testkit';
import { describe, expect, test } from 'vitest';
import { type HierarchyTerm, HPO_TERMS, ORDO_TERMS } from '../../simulate/src/health/terms.ts';

const GENE_FILE = 'data/genes/ensembl110_grch38_homo-sapiens-genes.tsv.gz';
const CLINVAR_FILE = 'data/annotation/clinvar_20241215_grch38_PLP_2star.tsv.gz';
const HPO_FILE = 'data/ontologies/hp.v2024-08-13.json.gz';
const ORDO_FILE = 'data/ontologies/ordo-2_6-2018-07-12.json.gz';

/** Frequent or protective variants, which the list of pathogenic ones leaves out. */
const NOT_LISTED = [
  'rs11591147',
  'rs76763715',
  'rs6025',
  'rs4988235',
  'rs1800562',
  'rs1799963',
  'rs28929474',
  'rs429358',
  'rs7412',
];

function lines(path: string): readonly string[] {
  return gunzipSync(readFileSync(sharedPath(path)))
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

describe('simulated genomes', () => {
  test.skipIf(!hasShared(GENE_FILE))('have their genes where Ensembl 110 places them on GRCh38', () => {
    const placed = new Map<string, readonly [string, number, number, string]>();
    for (const line of lines(GENE_FILE)) {
      const [contig, start, lengthBp, id, symbol] = line.split('\t');
      const ensemblId = `ENSG${id!.padStart(11, '0')}`;
      placed.set(symbol!, [contig!, Number(start) - 1, Number(start) + Number(lengthBp), ensemblId]);
    }
    for (const { symbol, contig, start, end, ensemblId } of GENES) {
      expect([contig, start, end, ensemblId], symbol).toEqual(placed.get(symbol));
    }
  });

  test('have planted variants inside the genes that they are named after', () => {
    for (const { id, gene, contig, position } of PLANTED) {
      const place = GENES.find(({ symbol }) => symbol === gene)!;
      expect(contig, id).toBe(place.contig);
      expect(position >= place.start && position < place.end, id).toBe(true);
    }
  });

  test.skipIf(!hasShared(CLINVAR_FILE))(
    'have pathogenic variants with the alleles that ClinVar lists',
    () => {
      const listed = new Map<string, string>();
      for (const line of lines(CLINVAR_FILE)) {
        const [contig, position, , ref, alt, ...rest] = line.split('\t');
        listed.set(`${contig}-${position}-${ref}-${alt}`, `rs${rest.at(-1)}`);
      }
      for (const { id, contig, position, ref, alt } of PLANTED) {
        if (NOT_LISTED.includes(id)) continue;
        expect(listed.get(`${contig}-${position + 1}-${ref}-${alt}`)).toBe(id);
      }
    },
  );
});

describe('simulated health records', () => {
  test.skipIf(!hasShared(HPO_FILE))('use terms, labels and parents of the Human Phenotype Ontology', () => {
    expectWithin(HPO_TERMS, HPO_FILE, (iri) => iri.replace(/^.*\/HP_/, 'HP:'));
  });

  test.skipIf(!hasShared(ORDO_FILE))('use terms, labels and parents of the Orphanet ontology', () => {
    expectWithin(ORDO_TERMS, ORDO_FILE, (iri) => iri.replace(/^.*\/Orphanet_/, 'ORDO:'));
  });

  test('every term but the roots has a parent in the hierarchy', () => {
    const all = [...HPO_TERMS, ...ORDO_TERMS];
    const known = new Set(all.map(({ id }) => id));
    expect(all.filter(({ parents }) => parents.length === 0).map(({ id }) => id)).toEqual([
      'HP:0000001',
      'ORDO:98053',
    ]);
    for (const { parents } of all) for (const parent of parents) expect(known).toContain(parent);
  });

  test('every condition has a term of the hierarchy and variants of one gene', () => {
    const known = new Set([...HPO_TERMS, ...ORDO_TERMS].map(({ id }) => id));
    for (const { term, variants, features } of CONDITIONS) {
      for (const id of [term, ...features.map((feature) => feature.term)]) expect(known).toContain(id);
      const genes = Object.keys(variants).map((id) => PLANTED.find((variant) => variant.id === id)?.gene);
      expect(new Set(genes).size, term).toBe(1);
      expect(genes).not.toContain(undefined);
    }
  });
});

interface Obographs {
  readonly graphs: readonly {
    readonly nodes: readonly { readonly id: string; readonly lbl?: string }[];
    readonly edges: readonly { readonly sub: string; readonly pred: string; readonly obj: string }[];
  }[];
}

function expectWithin(terms: readonly HierarchyTerm[], file: string, curie: (iri: string) => string): void {
  const { graphs }: Obographs = JSON.parse(gunzipSync(readFileSync(sharedPath(file))).toString());
  const labels = new Map<string, string | undefined>();
  const edges = new Set<string>();
  for (const { nodes, edges: all } of graphs) {
    for (const { id, lbl } of nodes) labels.set(curie(id), lbl);
    for (const { sub, pred, obj } of all) if (pred === 'is_a') edges.add(`${curie(sub)} ${curie(obj)}`);
  }
  for (const { id, label, parents } of terms) {
    expect(labels.get(id), id).toBe(label);
    for (const parent of parents) expect(edges).toContain(`${id} ${parent}`);
  }
}
