import { FormatError } from '../errors.ts';
import { readText } from '../input/open.ts';
import type { Ontology } from './term-row.ts';

/**
 * Reads an ontology: OBO graphs JSON or OBO 1.4, plain or gzip'd, told by the content.
 *
 * Orphanet's classes have the prefix `ORDO`. Obsolete terms are kept and say so; a term is its own ancestor never: a
 * cycle of is_a is refused. Parents that are not in the file are kept.
 *
 * @throws FormatError `formats/ontology`, `formats/json`, `formats/truncated`, `formats/unknown-format`, and as `openInput`.
 */
export async function readOntology(path: string): Promise<Ontology> {
  const text = await readText(path);
  const first = /\S/.exec(text)?.[0];
  if (first === '{') return (await import('./obographs.ts')).parseObographs(text, path);
  if (first === undefined || first === '<')
    throw new FormatError(
      'formats/unknown-format',
      first === undefined
        ? 'is empty'
        : 'is OWL in XML; expected OBO graphs JSON or OBO (`robot convert` makes either)',
      { location: { file: path } },
    );
  return (await import('./obo.ts')).parseObo(text, path);
}
