import { canonicalCurie, type OntologyTerm } from '@federome/core';
import { type Static, Type } from 'typebox';
import { Mismatch, named } from '../json/conform.ts';

/** OntologyClass of Phenopackets, ontologyTerm of Beacon. */
export const OntologyClass = Type.Object(
  {
    id: Type.String({ description: 'a CURIE such as HP:0001250' }),
    label: Type.Optional(Type.String()),
  },
  { description: 'an ontology class with an id such as HP:0001250' },
);

/** The term with its canonical identifier. @throws Mismatch where the id is no CURIE. */
export function termOf(term: Static<typeof OntologyClass>, path: readonly string[]): OntologyTerm {
  const id = canonicalCurie(term.id);
  if (id === undefined) {
    const at = [...path, 'id'];
    throw new Mismatch(at, `${named(at)} must be a CURIE such as HP:0001250, not "${term.id}"`);
  }
  return labelled(id, term.label);
}

/** A unit: a CURIE, or a bare UCUM code, which gets its prefix. @throws Mismatch where it is empty. */
export function unitOf(unit: Static<typeof OntologyClass>, path: readonly string[]): OntologyTerm {
  const code = unit.id.trim();
  if (code !== '') return labelled(canonicalCurie(code) ?? `UCUM:${code}`, unit.label);
  const at = [...path, 'id'];
  throw new Mismatch(at, `${named(at)} must be a unit such as UCUM:cm or NCIT:C49668`);
}

function labelled(id: string, label: string | undefined): OntologyTerm {
  return label === undefined || label === '' ? { id } : { id, label };
}
