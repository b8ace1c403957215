import { FormatError } from '../errors.ts';
import { commonPrefix, completed, type Ontology, type StatedTerm, termId } from './term-row.ts';

interface Stanza {
  readonly line: number;
  /** Name of the stanza: `Term`, `Typedef` …; `undefined` for the header. */
  readonly name: string | undefined;
  readonly tags: Map<string, string[]>;
}

/**
 * The `[Term]` stanzas of an OBO 1.4 (or 1.2) document (https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html).
 *
 * @throws FormatError `formats/ontology` with the line.
 */
export function parseObo(text: string, file: string): Ontology {
  const stanzas = stanzasOf(text, file);
  const header = stanzas[0]!;
  if (!header.tags.has('format-version') && !stanzas.some(({ name }) => name === 'Term'))
    throw new FormatError('formats/ontology', 'is no OBO document: it has no format-version and no [Term]', {
      location: { file, line: 1 },
    });
  const terms = completed(
    stanzas.filter(({ name }) => name === 'Term').map((stanza) => termOf(stanza, file)),
    file,
  );
  const release = header.tags.get('data-version')?.[0];
  return {
    id: header.tags.get('ontology')?.[0]?.toLowerCase() ?? commonPrefix(terms),
    version: release === undefined ? 'unknown' : (/releases\/([^/]+)/.exec(release)?.[1] ?? release),
    terms,
  };
}

function stanzasOf(text: string, file: string): readonly Stanza[] {
  let current: Stanza = { line: 1, name: undefined, tags: new Map() };
  const stanzas = [current];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('!')) continue;
    const name = /^\[(\w+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      current = { line: index + 1, name, tags: new Map() };
      stanzas.push(current);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0)
      throw new FormatError('formats/ontology', 'expected a line "tag: value" or a stanza such as [Term]', {
        location: { file, line: index + 1 },
      });
    const tag = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    const values = current.tags.get(tag);
    if (values === undefined) current.tags.set(tag, [value]);
    else values.push(value);
  }
  return stanzas;
}

function termOf({ tags, line }: Stanza, file: string): StatedTerm {
  const ids = (tag: string) => (tags.get(tag) ?? []).map((value) => termId(reference(value)));
  const [id] = ids('id');
  if (id === undefined || id === '')
    throw new FormatError('formats/ontology', 'has a [Term] without an id', { location: { file, line } });
  return {
    id,
    label: unescaped(withoutComment(tags.get('name')?.[0] ?? id)),
    parents: [...new Set(ids('is_a'))].filter((parent) => parent !== id),
    alternateIds: ids('alt_id'),
    replacedBy: ids('replaced_by')[0],
    obsolete: tags.get('is_obsolete')?.[0]?.startsWith('true') === true,
    synonyms: [...new Set((tags.get('synonym') ?? []).flatMap(quoted))],
    line,
  };
}

/** The identifier that a value begins with, before modifiers `{…}` and the comment after `!`. */
function reference(value: string): string {
  return unescaped(/^(?:\\.|[^\s{!\\])*/.exec(value)?.[0] ?? '');
}

function withoutComment(value: string): string {
  return value.replace(/\s+!\s.*$/, '').replace(/\s+\{[^{}]*\}$/, '');
}

function quoted(value: string): readonly string[] {
  const text = /^"((?:\\.|[^"\\])*)"/.exec(value)?.[1];
  return text === undefined ? [] : [unescaped(text)];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', W: ' ' };

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
}
