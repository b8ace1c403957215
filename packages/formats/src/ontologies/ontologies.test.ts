import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { parseObo } from './obo.ts';
import { parseObographs } from './obographs.ts';

const HP = 'http://purl.obolibrary.org/obo/HP_';

const obographs = (nodes: readonly unknown[], edges: readonly unknown[] = [], meta: unknown = undefined) =>
  parseObographs(JSON.stringify({ graphs: [{ id: 'x', meta, nodes, edges }] }), 'x.json');
const node = (id: string, meta: unknown = undefined) => ({ id, lbl: `label of ${id}`, type: 'CLASS', meta });
const isA = (sub: string, obj: string) => ({ sub, pred: 'is_a', obj });

test('OBO graphs give classes with their parents, synonyms and alternate ids', () => {
  const ontology = obographs(
    [
      node(`${HP}1`),
      node(`${HP}2`, {
        synonyms: [{ pred: 'hasExactSynonym', val: 'two' }],
        basicPropertyValues: [
          { pred: 'http://www.geneontology.org/formats/oboInOwl#hasAlternativeId', val: 'HP:9' },
        ],
      }),
      node(`${HP}3`, {
        deprecated: true,
        basicPropertyValues: [{ pred: 'http://purl.obolibrary.org/obo/IAO_0100001', val: `${HP}2` }],
      }),
      { id: `${HP}p`, type: 'PROPERTY' },
    ],
    [isA(`${HP}2`, `${HP}1`), isA(`${HP}1`, `${HP}77`), { sub: `${HP}1`, pred: 'part_of', obj: `${HP}2` }],
    { version: 'http://purl.obolibrary.org/obo/hp/releases/2024-08-13/hp.json' },
  );
  expect(ontology).toMatchObject({ id: 'hp', version: '2024-08-13' });
  expect(ontology.terms).toMatchObject([
    { id: 'HP:1', parents: ['HP:77'], obsolete: false },
    { id: 'HP:2', parents: ['HP:1'], alternateIds: ['HP:9', 'HP:3'], synonyms: ['two'] },
    { id: 'HP:3', obsolete: true, replacedBy: 'HP:2' },
  ]);
});

test('ORDO’s classes have its prefix and its reasons of obsolescence', () => {
  const ordo = 'http://www.orpha.net/ORDO/Orphanet_';
  const { id, terms } = obographs([
    node(`${ordo}558`),
    node(`${ordo}1239`, {
      basicPropertyValues: [
        {
          pred: 'http://www.ebi.ac.uk/efo/reason_for_obsolescence',
          val: `use ${ordo}558 with label: Marfan`,
        },
      ],
    }),
  ]);
  expect(id).toBe('ordo');
  expect(terms).toMatchObject([
    { id: 'ORDO:558', alternateIds: ['ORDO:1239'] },
    { id: 'ORDO:1239', obsolete: true, replacedBy: 'ORDO:558' },
  ]);
});

const OBO = `format-version: 1.2
data-version: releases/2023-10-08
ontology: geno

[Term]
id: GENO:1
name: allele \\{one\\} ! comment

[Term]
id: GENO:2 ! two
name: second
is_a: GENO:1 {source="x"} ! allele
is_a: GENO:404
alt_id: GENO:22
synonym: "a \\"second\\" name" EXACT [PMID:1] {comment="c"}

[Term]
id: GENO:3
is_obsolete: true
replaced_by: GENO:4

[Term]
id: GENO:4
is_obsolete: true
replaced_by: GENO:2

[Typedef]
id: part_of
`;

test('OBO gives the terms, without typedefs, and follows replacements to their end', () => {
  const { id, version, terms } = parseObo(OBO, 'x.obo');
  expect([id, version]).toEqual(['geno', '2023-10-08']);
  expect(terms).toEqual([
    { id: 'GENO:1', label: 'allele {one}', parents: [], alternateIds: [], obsolete: false, synonyms: [] },
    {
      id: 'GENO:2',
      label: 'second',
      parents: ['GENO:1', 'GENO:404'],
      alternateIds: ['GENO:22', 'GENO:3', 'GENO:4'],
      obsolete: false,
      synonyms: ['a "second" name'],
    },
    {
      id: 'GENO:3',
      label: 'GENO:3',
      parents: [],
      alternateIds: [],
      replacedBy: 'GENO:4',
      obsolete: true,
      synonyms: [],
    },
    {
      id: 'GENO:4',
      label: 'GENO:4',
      parents: [],
      alternateIds: [],
      replacedBy: 'GENO:2',
      obsolete: true,
      synonyms: [],
    },
  ]);
});

test('a cycle of is_a is refused with its terms', () => {
  const nodes = ['1', '2', '3', '4'].map((id) => node(HP + id));
  const edges = [
    isA(`${HP}4`, `${HP}1`),
    isA(`${HP}1`, `${HP}2`),
    isA(`${HP}2`, `${HP}3`),
    isA(`${HP}3`, `${HP}1`),
  ];
  expect(() => obographs(nodes, edges)).toThrow('has a cycle: HP:1 is_a HP:2 is_a HP:3 is_a HP:1');
});

test('a term with two ways to one ancestor is no cycle', () => {
  const nodes = ['1', '2', '3', '4'].map((id) => node(HP + id));
  const edges = [
    isA(`${HP}1`, `${HP}2`),
    isA(`${HP}1`, `${HP}3`),
    isA(`${HP}2`, `${HP}4`),
    isA(`${HP}3`, `${HP}4`),
    isA(`${HP}3`, `${HP}2`),
  ];
  expect(obographs(nodes, edges).terms).toHaveLength(4);
});

test.each([
  ['{"graphs": [', 'formats/truncated'],
  ['{"graphs": [}]}', 'formats/json'],
  ['{"graphs": []}', 'formats/ontology'],
  ['{"graphs": [{"nodes": [{"lbl": "x"}]}]}', 'formats/ontology'],
  ['{"graphs": [{"nodes": []}]}', 'formats/ontology'],
  [
    '{"graphs": [{"nodes": [{"id": "HP:1", "type": "CLASS"}, {"id": "HP:1", "type": "CLASS"}]}]}',
    'formats/ontology',
  ],
])('the JSON %j is refused', (text, code) => {
  expect(() => parseObographs(text, 'x.json')).toThrow(expect.objectContaining({ code }));
});

test.each([
  ['id,name\nHP:1,x\n', 1],
  ['format-version: 1.2\n\n[Term]\nname: x\n', 3],
  ['format-version: 1.2\n\n[Term]\nid: A:1\n\n[Term]\nid: A:1\n', 6],
  ['format-version: 1.2\n\n[Term]\nid: A:1\nwhat is this\n', 5],
])('the OBO text %j is refused at line %i', (text, line) => {
  expect(() => parseObo(text, 'x.obo')).toThrow(
    expect.objectContaining({ code: 'formats/ontology', location: { file: 'x.obo', line } }),
  );
});

test('an ontology that is cut or altered is read or refused, never anything else', () => {
  const graphs = JSON.stringify({
    graphs: [
      {
        nodes: [node(`${HP}1`, { synonyms: [{ val: 'x' }] }), node(`${HP}2`, { deprecated: true })],
        edges: [isA(`${HP}2`, `${HP}1`)],
      },
    ],
  });
  const parsers = [
    [graphs, parseObographs],
    [OBO, parseObo],
  ] as const;
  const character = fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom(...'{}[]":,!\\\n0'));
  fc.assert(
    fc.property(
      fc.constantFrom(...parsers),
      fc.nat(),
      fc.nat(),
      character,
      ([text, parse], at, end, inserted) => {
        const cut = at % text.length;
        const altered = text.slice(0, cut) + inserted + text.slice(cut + (end % 3));
        for (const content of [altered, text.slice(0, cut)])
          try {
            expect(parse(content, 'x').terms.length).toBeGreaterThan(0);
          } catch (error) {
            if (!(error instanceof FormatError)) throw error;
          }
      },
    ),
    { numRuns: 500 },
  );
});
