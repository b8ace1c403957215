import { canonicalCurie } from '@federome/core';
import { FormatError } from '../errors.ts';

/** A class of an ontology. Identifiers are CURIEs; those of classes whose IRI has none stay IRIs. */
export interface OntologyTermRow {
  readonly id: string;
  readonly label: string;
  /** Direct parents by is_a; they need not be in the file. */
  readonly parents: readonly string[];
  /** `alt_id`, and the obsolete terms that name this one as their replacement. */
  readonly alternateIds: readonly string[];
  readonly replacedBy?: string | undefined;
  readonly obsolete: boolean;
  readonly synonyms: readonly string[];
}

/** An ontology as a file states it. */
export interface Ontology {
  /** Short name in lower case, e.g. `hp`. */
  readonly id: string;
  /** As the file states it, e.g. `2024-08-13`; `unknown` where it states none. */
  readonly version: string;
  readonly terms: readonly OntologyTermRow[];
}

/** What a file says of one class. */
export interface StatedTerm extends OntologyTermRow {
  /** 1-based, where the format has lines worth naming. */
  readonly line?: number | undefined;
}

/** CURIE of an IRI or of another spelling of a CURIE; else the text itself. */
export function termId(text: string): string {
  return canonicalCurie(text) ?? text.trim();
}

/**
 * Checks and completes the terms of a file: none twice, no cycle of is_a, and the alternate ids of replacements.
 *
 * @throws FormatError `formats/ontology`
 */
export function completed(stated: readonly StatedTerm[], file: string): readonly OntologyTermRow[] {
  const terms = new Map<string, StatedTerm>();
  for (const term of stated) {
    if (terms.has(term.id)) refuse(`defines ${term.id} twice`, file, term.line);
    terms.set(term.id, term);
  }
  if (terms.size === 0) refuse('holds no terms', file, undefined);
  refuseCycles(terms, file);
  const replaced = new Map<string, string[]>();
  for (const term of stated) {
    const target = term.replacedBy === undefined ? undefined : lastReplacement(term, terms);
    if (target === undefined || target === term.id) continue;
    replaced.set(target, [...(replaced.get(target) ?? []), term.id]);
  }
  return stated.map(({ line: _, ...term }) => ({
    ...term,
    alternateIds: [...new Set([...term.alternateIds, ...(replaced.get(term.id) ?? [])])],
  }));
}

function lastReplacement(term: StatedTerm, terms: ReadonlyMap<string, StatedTerm>): string | undefined {
  const seen = new Set<string>();
  let target: string | undefined = term.id;
  for (
    let next = term.replacedBy;
    next !== undefined && !seen.has(next);
    next = terms.get(next)?.replacedBy
  ) {
    seen.add(next);
    target = next;
  }
  return target;
}

// Depth first without recursion: a term is open while it is on the path from where the walk began.
function refuseCycles(terms: ReadonlyMap<string, StatedTerm>, file: string): void {
  const state = new Map<string, 'open' | 'done'>();
  for (const start of terms.keys()) {
    const path: string[] = [];
    const stack = [start];
    while (stack.length > 0) {
      const id = stack.at(-1)!;
      if (state.get(id) !== undefined) {
        stack.pop();
        if (path.at(-1) === id) state.set(path.pop()!, 'done');
        continue;
      }
      state.set(id, 'open');
      path.push(id);
      for (const parent of terms.get(id)?.parents ?? []) {
        if (state.get(parent) === 'open') {
          const cycle = [...path.slice(path.indexOf(parent)), parent].join(' is_a ');
          refuse(`has a cycle: ${cycle}`, file, terms.get(id)?.line);
        }
        if (state.get(parent) === undefined) stack.push(parent);
      }
    }
  }
}

function refuse(message: string, file: string, line: number | undefined): never {
  throw new FormatError('formats/ontology', message, { location: { file, line } });
}

/** The prefix that most terms have, in lower case: a name for an ontology that states none. */
export function commonPrefix(terms: readonly OntologyTermRow[]): string {
  const counts = new Map<string, number>();
  for (const { id } of terms) {
    const prefix = /^([^:/]+):(?!\/\/)/.exec(id)?.[1];
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted(([, a], [, b]) => b - a);
  return best?.[0].toLowerCase() ?? 'unknown';
}
