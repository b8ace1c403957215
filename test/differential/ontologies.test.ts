import { readOntology } from '@federome/formats';
import { hasShared, hasTool, outputOf, sharedPath } from '@federome/testkit';
import { expect, test } from 'vitest';

const FOLDER = 'data/ontologies';
const GRAPHS = [
  ['hp.v2024-08-13.json.gz', 'hp', '2024-08-13'],
  ['hp.module.2026-06-06.json', 'hp', '2026-06-06'],
  ['ordo-2_6-2018-07-12.json.gz', 'ordo', '2.6'],
  ['ncit-disease-2018-06-08.json.gz', 'ncit', 'unknown'],
] as const;
const OBO = [
  ['geno.obo', 'geno', '2023-10-08'],
  ['hancestro.obo', 'hancestro', '2025-04-01'],
  ['so-simple.obo', 'so', '2024-11-18'],
] as const;

test.skipIf(!hasShared(FOLDER) || !hasTool('jq', 'zcat')).each(GRAPHS)(
  '%s has the classes and is_a edges that jq counts',
  async (file, id, version) => {
    const path = sharedPath(`${FOLDER}/${file}`);
    const ontology = await readOntology(path);
    expect(ontology).toMatchObject({ id, version });
    const counted = await outputOf('sh', [
      '-c',
      `zcat -f '${path}' | jq -c '.graphs[0] | [([.nodes[] | select(.type == "CLASS")] | length),
        ([.edges[] | select(.pred == "is_a")] | unique | length),
        ([.nodes[] | select(.type == "CLASS" and .lbl != null) | .lbl] | length),
        ([.nodes[] | select(.type == "CLASS") | [.meta.synonyms[]?.val] | unique[]] | length)]'`,
    ]);
    const { terms } = ontology;
    const total = (count: (term: (typeof terms)[number]) => number) =>
      terms.reduce((sum, term) => sum + count(term), 0);
    expect([
      terms.length,
      total(({ parents }) => parents.length),
      total((term) => (term.label === term.id ? 0 : 1)),
      total(({ synonyms }) => synonyms.length),
    ]).toEqual(JSON.parse(counted));
    expect(terms.filter((term) => term.id.startsWith(`${id.toUpperCase()}:`)).length).toBeGreaterThan(
      terms.length - 2,
    );
  },
);

test.skipIf(!hasShared(FOLDER) || !hasTool('awk')).each(OBO)(
  '%s has the terms, parents and obsolete terms that awk counts',
  async (file, id, version) => {
    const path = sharedPath(`${FOLDER}/${file}`);
    const { terms, ...named } = await readOntology(path);
    expect(named).toEqual({ id, version });
    const counted = await outputOf('awk', [
      '/^\\[/ { term = ($0 == "[Term]"); n += term } term && /^is_a: / { p += 1 } term && /^is_obsolete: true/ { o += 1 } END { printf "[%d,%d,%d]", n, p, o }',
      path,
    ]);
    const parents = terms.reduce((sum, term) => sum + term.parents.length, 0);
    expect([terms.length, parents, terms.filter(({ obsolete }) => obsolete).length]).toEqual(
      JSON.parse(counted),
    );
  },
);

test.skipIf(!hasShared(FOLDER))('HPO’s seizure is found under the identifiers it once had', async () => {
  const { terms } = await readOntology(sharedPath(`${FOLDER}/hp.v2024-08-13.json.gz`));
  const seizure = terms.find(({ id }) => id === 'HP:0001250');
  expect(seizure).toMatchObject({ label: 'Seizure', parents: ['HP:0012638'], obsolete: false });
  expect(seizure?.alternateIds).toContain('HP:0002279');
});
