import { type HierarchyTerm, HPO_TERMS, ORDO_TERMS } from '../health/terms.ts';

const OBO = 'http://purl.obolibrary.org/obo/';
const ORPHANET = 'http://www.orpha.net/ORDO/';

/** The small hierarchies of HPO and ORDO as two obographs JSON documents, by file name. */
export function ontologyFiles(): ReadonlyMap<string, string> {
  return new Map([
    [
      'hpo.json',
      obographs(
        HPO_TERMS,
        `${OBO}hp.json`,
        `${OBO}hp/releases/2024-08-13/hp.json`,
        (id) => `${OBO}${id.replace(':', '_')}`,
      ),
    ],
    [
      'ordo.json',
      obographs(ORDO_TERMS, `${ORPHANET}ordo.owl`, '2.6', (id) =>
        id.replace('ORDO:', `${ORPHANET}Orphanet_`),
      ),
    ],
  ]);
}

/** What a phenopacket says of the ontologies it uses. */
export function ontologyResources(): readonly unknown[] {
  return [
    {
      id: 'hp',
      name: 'Human Phenotype Ontology',
      url: `${OBO}hp.json`,
      version: '2024-08-13',
      namespacePrefix: 'HP',
      iriPrefix: `${OBO}HP_`,
    },
    {
      id: 'ordo',
      name: 'Orphanet Rare Disease Ontology',
      url: `${ORPHANET}ordo.owl`,
      version: '2.6',
      namespacePrefix: 'ORDO',
      iriPrefix: `${ORPHANET}Orphanet_`,
    },
  ];
}

function obographs(
  terms: readonly HierarchyTerm[],
  id: string,
  version: string,
  iri: (id: string) => string,
): string {
  const nodes = terms.map((term) => ({ id: iri(term.id), lbl: term.label, type: 'CLASS' }));
  const edges = terms.flatMap((term) =>
    term.parents.map((parent) => ({ sub: iri(term.id), pred: 'is_a', obj: iri(parent) })),
  );
  return `${JSON.stringify({ graphs: [{ id, meta: { version }, nodes, edges }] }, undefined, 1)}\n`;
}
