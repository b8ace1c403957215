/** Prefixes that name the same vocabulary, in lower case, and the one that Federome uses. */
const PREFIXES = new Map<string, string>([
  ['orphanet', 'ORDO'],
  ['orpha', 'ORDO'],
  ['ordo', 'ORDO'],
  ['hp', 'HP'],
  ['hpo', 'HP'],
  ['mondo', 'MONDO'],
  ['omim', 'OMIM'],
  ['mim', 'OMIM'],
  ['ncit', 'NCIT'],
  ['loinc', 'LOINC'],
  ['ucum', 'UCUM'],
]);

const CURIE = /^([A-Za-z][A-Za-z0-9_.-]*):([^\s/]\S*)$/;
const OBO_IRI = /^https?:\/\/purl\.obolibrary\.org\/obo\/([A-Za-z][A-Za-z0-9]*)_([A-Za-z0-9]+)$/;
const ORDO_IRI = /^https?:\/\/(?:www\.)?orpha\.net\/ORDO\/Orphanet_(\w+)$/;

/**
 * The one spelling that a term's identifier has inside Federome, or `undefined` where the text is neither a CURIE nor an
 * IRI that has one. Orphanet's three prefixes (`Orphanet:558` of phenopackets, `ORPHA:558` of Orphanet's own files and
 * the HPO annotations, `ORDO:558` of the ontology's IRIs) become `ORDO:558`; `http://purl.obolibrary.org/obo/HP_0001250`
 * becomes `HP:0001250`. Other prefixes keep their case.
 */
export function canonicalCurie(text: string): string | undefined {
  const trimmed = text.trim();
  const iri = OBO_IRI.exec(trimmed);
  if (iri !== null) return `${canonicalPrefix(iri[1]!)}:${iri[2]!}`;
  const orphanet = ORDO_IRI.exec(trimmed);
  if (orphanet !== null) return `ORDO:${orphanet[1]!}`;
  const curie = CURIE.exec(trimmed);
  if (curie === null) return undefined;
  const prefix = canonicalPrefix(curie[1]!);
  // Orphanet's own identifiers repeat the prefix: `ORDO:Orphanet_558`.
  const local = prefix === 'ORDO' ? curie[2]!.replace(/^Orphanet_/i, '') : curie[2]!;
  return local === '' ? undefined : `${prefix}:${local}`;
}

function canonicalPrefix(prefix: string): string {
  return PREFIXES.get(prefix.toLowerCase()) ?? prefix;
}
